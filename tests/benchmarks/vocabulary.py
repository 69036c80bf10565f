"""Words from which the generated data are put together."""

WORK = (
    "Relaunch", "Webshop", "Kampagne", "Corporate Design", "Newsletter", "Landingpage", "SEO-Betreuung", "Messestand",
    "Geschäftsbericht", "Imagefilm", "App-Konzept", "Social Media", "Hosting", "Schulung", "Barrierefreiheit",
    "Fotoshooting", "Verpackung", "Leitsystem", "Intranet", "Karriereseite", "Produktvideo", "Markenworkshop",
    "UX-Audit", "Wartung", "Jubiläum", "Mediaplanung",
)  # fmt: skip
WHAT = (
    "2027", "Phase 2", "international", "Nord", "Süd", "B2B", "Händler", "Relaunch", "Pilot", "Rahmenvertrag", "mobil",
    "Herbst", "Frühjahr", "Konzern", "Vertrieb", "Personal", "Produkt", "Service", "Österreich", "Schweiz",
)  # fmt: skip
NAMES = (
    "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer",
    "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger",
    "Hofmann", "Hartmann", "Lange", "Werner", "Krause", "Lehmann", "Köhler", "Maier", "Groß", "Özdemir", "Nowak",
)  # fmt: skip
FIRST = (
    "Anna", "Jonas", "Lea", "Max", "Sophie", "Paul", "Marie", "Finn", "Emma", "Leon", "Jürgen", "Käthe", "Björn", "Zoë",
    "Ali", "Renée", "Uwe", "Birgit", "Heike", "Thomas",
)  # fmt: skip
TRADES = (
    "Maschinenbau", "Logistik", "Bräu", "Optik", "Energie", "Möbel", "Bau", "Pharma", "Verlag", "Stadtwerke", "Technik",
    "Textil", "Versicherung", "Kliniken", "Molkerei", "Software", "Druck", "Reisen", "Sport", "Chemie",
)  # fmt: skip
FORMS = ("GmbH", "AG", "GmbH & Co. KG", "e. V.", "KG", "SE", "eG", "UG")
SOURCES = ("Empfehlung", "Website", "Messe", "Ausschreibung", "Kaltakquise", "Bestandskunde", "Netzwerk")
REASONS = (("won", "Konzept"), ("won", "Preis"), ("lost", "Preis"), ("lost", "Mitbewerber"), ("dropped", "Kapazität"))
TAGS = ("branding", "web", "print", "film", "shop", "retainer", "dringend", "öffentlich", "groß", "klein")
STEPS = ("Anrufen", "Angebot schicken", "Termin vereinbaren", "Nachfassen", "Präsentation vorbereiten")
MEMBERS = (
    ("Anna Kern", "AK"), ("Jonas Vogt", "JV"), ("Lea Brandt", "LB"), ("Marc Özil", "MÖ"), ("Tina Wolff", "TW"),
    ("Uwe Haas", "UH"), ("Sara Lindner", "SL"), ("Ben Adler", "BA"), ("Ida Groß", "IG"), ("Tom Jäger", "TJ"),
    ("Eva Mertens", "EM"), ("Kai Sommer", "KS"),
)  # fmt: skip
TOWNS = (
    ("50667", "Köln"), ("20095", "Hamburg"), ("80331", "München"), ("10115", "Berlin"), ("70173", "Stuttgart"),
    ("01067", "Dresden"), ("99423", "Weimar"), ("60311", "Frankfurt am Main"), ("33602", "Bielefeld"),
    ("86150", "Augsburg"), ("97070", "Würzburg"), ("24103", "Kiel"), ("18055", "Rostock"),
)  # fmt: skip
ROLES = ("Geschäftsführung", "Marketing", "Einkauf", "Vertrieb", "", "Personal")
