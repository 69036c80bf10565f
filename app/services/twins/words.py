"""Words the comparison of names knows, folded by `search_key`: none of them says which company or person is meant."""

from app.core.folding import search_key


def _folded(text: str) -> frozenset[str]:
    return frozenset(search_key(text).split())


#: Legal forms and what they are for the comparison: a UG becomes a GmbH with the years, a KG often has one inside.
LEGAL_FORMS = {
    "gmbh": "gmbh", "ggmbh": "gmbh", "mbh": "gmbh", "gesmbh": "gmbh", "ug": "gmbh", "haftungsbeschrankt": "gmbh",
    "ag": "ag", "se": "ag", "kgaa": "ag", "kg": "kg", "ohg": "kg", "og": "kg", "gbr": "gbr", "gesbr": "gbr",
    "ek": "ek", "ekfm": "ek", "ekfr": "ek", "eu": "ek", "ev": "ev", "eg": "eg", "egen": "eg", "sa": "ag",
    "sarl": "gmbh", "sagl": "gmbh", "srl": "gmbh", "spa": "ag", "sas": "ag", "bv": "gmbh", "nv": "ag", "ltd": "ltd",
    "limited": "ltd", "inc": "inc", "incorporated": "inc", "llc": "ltd", "llp": "ltd", "plc": "ltd", "corp": "inc",
    "aps": "gmbh", "sro": "gmbh", "doo": "gmbh", "kft": "gmbh", "ab": "ag", "oy": "ag", "partg": "gbr",
    "partgmbb": "gbr", "partmbb": "gbr", "mbb": "gbr", "kommanditgesellschaft": "kg", "aktiengesellschaft": "ag",
}  # fmt: skip
#: These may stand at the beginning of a name, too; the others, at the beginning, are a name: "SE Consulting".
SURE_FORMS = frozenset({"gmbh", "ggmbh", "gesmbh", "haftungsbeschrankt"})
LONG_FORMS = (
    (search_key("Gesellschaft mit beschränkter Haftung"), "gmbh"),
    (search_key("mit beschränkter Haftung"), "mbh"),
    (search_key("eingetragener Verein"), "ev"),
    (search_key("eingetragene Genossenschaft"), "eg"),
    (search_key("offene Handelsgesellschaft"), "ohg"),
    (search_key("Gesellschaft bürgerlichen Rechts"), "gbr"),
)
#: Said beside a name, never instead of one.
FILLERS = _folded("und and et u co cie comp die der das the fa firma dr prof dipl mag company")
#: What follows is whose it is or was, not what it is called.
OWNER = _folded("inh inhaber inhaberin vorm vormals c/o")
ABBREVIATIONS = {
    search_key(short): search_key(long)
    for short, long in {
        "Gebr": "Gebrüder", "Ing": "Ingenieur", "Ges": "Gesellschaft", "Int": "International",
        "Intl": "International", "Intern": "International", "Nachf": "Nachfolger", "St": "Sankt", "Str": "Straße",
        "Dt": "Deutsche", "Verw": "Verwaltung", "Verwaltungs": "Verwaltung", "Bros": "Brothers", "Mgmt": "Management",
        "Immob": "Immobilien", "Versich": "Versicherung",
        "Rae": "Rechtsanwälte", "RA": "Rechtsanwälte",
        "Handels": "Handel", "Vertriebs": "Vertrieb", "Beteiligungs": "Beteiligung", "Betriebs": "Betrieb",
        "Söhne": "Sohn", "Buchhdlg": "Buchhandlung",
    }.items()
}  # fmt: skip
#: A word more that makes no other company of it.
NEUTRAL = _folded(
    "gruppe group deutschland germany österreich austria schweiz switzerland suisse international niederlassung filiale"
    " zentrale hauptsitz standort werk zweigstelle geschäftsstelle gesellschaft unternehmen"
)
#: A word more that makes another company of it, however alike the rest is.
SISTERS = _folded(
    "holding verwaltung beteiligung stiftung förderverein betriebsrat besitz vermögensverwaltung pensionskasse"
    " unterstützungskasse betrieb"
)
SURNAMES = _folded(
    "Müller Schmidt Schmitt Schmitz Schmid Schneider Fischer Weber Meyer Meier Maier Mayer Mayr Wagner Becker Schulz"
    " Schulze Schulte Hoffmann Hofmann Schäfer Koch Bauer Richter Klein Wolf Wolff Schröder Neumann Schwarz Zimmermann"
    " Braun Krüger Hartmann Lange Lang Schmitt Werner Krause Lehmann Köhler Herrmann König Walter Peters Huber Kaiser"
    " Fuchs Scholz Möller Weiß Weiss Jung Hahn Keller Vogel Schubert Roth Frank Friedrich Beck Günther Berger Winkler"
    " Lorenz Baumann Schuster Böhm Albrecht Simon Ludwig Winter Kraus Schumacher Krämer Vogt Stein Jäger Otto Sommer"
    " Groß Gross Seidel Heinrich Brandt Haas Schreiber Graf Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann"
    " Thomas Voigt Sauer Arnold Pfeiffer Gruber Moser Steiner Egger Hofer Bucher Frei Brunner Gerber Widmer Zimmer"
    " Nowak Yilmaz Kaya Demir Nguyen Hansen Jansen Petersen"
)
FIRST_NAMES = _folded(
    "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Günter Stefan Christian Uwe Werner Frank Dieter Manfred Martin"
    " Bernd Matthias Markus Alexander Daniel Jan Tim Lukas Max Maximilian Paul Felix Jonas David Sebastian Tobias"
    " Philipp Florian Julian Hans Johannes Josef Karl Heinz Robert Ralf Jens Sven Oliver Marco Anna Maria Sabine Petra"
    " Monika Susanne Claudia Andrea Birgit Karin Ursula Renate Christine Gabriele Angelika Julia Laura Lisa Sarah"
    " Katharina Sandra Nicole Stefanie Kathrin Melanie Barbara Heike Martina Ulrike Anja Tanja Silke Eva Marie Lena"
    " Sophie Johanna Christina Simone"
)
#: What companies do and are, which thousands of them say in their names.
TRADES = frozenset(ABBREVIATIONS.values()) | _folded(
    "agentur werbeagentur werbung marketing media medien design digital web online internet shop bäckerei metzgerei"
    " fleischerei konditorei café restaurant gasthaus gasthof hotel pension bau bauunternehmen hochbau tiefbau"
    " maschinenbau anlagenbau metallbau holzbau stahlbau technik elektro elektrotechnik haustechnik sanitär heizung"
    " dach dachdecker maler tischlerei schreinerei zimmerei garten gartenbau landschaftsbau logistik spedition"
    " transport transporte reisen reisebüro immobilien hausverwaltung versicherung versicherungen finanz beratung"
    " consulting unternehmensberatung steuerberatung steuerberater kanzlei rechtsanwälte praxis zahnarzt apotheke"
    " klinik kliniken physiotherapie optik druck druckerei verlag buchhandlung software systeme systems solutions"
    " lösungen it edv computer daten service services dienstleistungen personal handel großhandel vertrieb import"
    " export auto autohaus kfz werkstatt fahrrad sport mode textil möbel küchen energie solar strom stadtwerke wasser"
    " umwelt recycling entsorgung reinigung gebäudereinigung sicherheit event events messe film foto fotografie studio"
    " musik kunst theater verein club schule akademie institut bank sparkasse volksbank molkerei brauerei bräu wein"
    " getränke lebensmittel obst hof farm chemie pharma kunststoff kunststofftechnik papier verpackung werkzeug"
    " werkzeugbau sohn sohne gebrüder partner team büro haus grafik text projekt management kommunikation ingenieur"
    " ingenieurbüro architekten architektur planung friseur kosmetik salon blumen floristik tier tierarzt bio natur"
    " gesundheit pflege pflegedienst umzüge fliesen parkett estrich gerüstbau glas glaserei schlosserei stahl holz"
    " kran lager kurier taxi bus fahrschule wäscherei schneiderei schuhe schmuck juwelier uhren spielwaren geschenke"
    " tabak kiosk imbiss pizzeria weingut winzer imkerei gärtnerei baumschule forst jagd angel reitsport yoga fitness"
    " tanz ballett logopädie ergotherapie orthopädie hörgeräte sanitätshaus bestattungen treuhand notar gutachter"
    " vermessung statik treppen fenster türen küche bad bäder sauna pool hausarzt hausarztpraxis zahnarztpraxis"
    " tierarztpraxis kinderarzt kita kindergarten grundschule gymnasium universität museum bibliothek galerie"
    " antiquitäten auktion druckhaus malerbetrieb malerei dachdeckerei zeltverleih verleih vermietung leasing"
    " finanzierung buchhaltung lohn steuerbüro steuer recht patent übersetzungen dolmetscher lektorat redaktion"
    " hörfunk fernsehen video audio games hosting cloud robotik automation messtechnik medizintechnik labor diagnostik"
    " biotech saatgut futtermittel mühle teigwaren feinkost fisch geflügel fleisch käse eis kaffee rösterei tee"
)
#: Words that thousands of companies share; put together two by two they stay as common.
GENERIC = (
    SURNAMES
    | FIRST_NAMES
    | NEUTRAL
    | SISTERS
    | TRADES
    | _folded("welt markt zentrum center nord süd ost west mitte neu alt rhein ruhr alpen stadt land see berg tal")
)
TITLES = _folded(
    "dr prof professor dipl ing med dent vet rer nat pol jur phil oec habil hc mag ddr univ herr frau hr fr mr mrs ms"
    " phd msc bsc mba llm fh dkfm kfm betriebsw"
)
#: Names of people, too: left off only where a first and a last name remain.
MAYBE_TITLES = _folded("ma ba di bed kr lic")
PARTICLES = _folded("von van de der den zu zum zur vom del della di da dos la le ten ter al el")
BORN = _folded("geb geborene geborener nee")
YOUNGER, ELDER = _folded("jun junior jr"), _folded("sen senior sr")
#: First names, each with the one it is compared as.
NICKNAMES = {
    search_key(short): search_key(full)
    for full, shorts in {
        "Johannes": "Hans Hannes Johann", "Josef": "Sepp Joseph Jupp", "Michael": "Michi Mike Micha",
        "Alexander": "Alex Sascha", "Thomas": "Tom", "Andreas": "Andi Andy", "Christian": "Chris", "Stefan": "Steffen",
        "Wolfgang": "Wolf", "Friedrich": "Fritz Fred", "Heinrich": "Heinz Heiner", "Wilhelm": "Willi Willy",
        "Robert": "Rob Bob", "Maximilian": "Max", "Matthias": "Matze", "Katharina": "Käthe Kathi", "Elisabeth": "Lisa"
        " Elli Sissi", "Susanne": "Susi", "Gabriele": "Gabi", "Barbara": "Babsi", "Ursula": "Uschi", "Sebastian":
        "Basti", "Benjamin": "Ben", "Tobias": "Tobi", "Manuel": "Manu", "Ulrich": "Uli", "Margarete": "Grete Gretel",
        "Rudolf": "Rudi", "Klaus": "Nikolaus", "Georg": "Schorsch", "Walter": "Walti", "Daniel": "Dani", "Nicolas":
        "Nico Niko", "Jakob": "Köbi", "Stefanie": "Steffi", "Angelika": "Geli", "Monika": "Moni", "Franz": "Franzl",
        "Anna": "Anni", "Philipp": "Phil", "Dominik": "Dome", "Konstantin": "Kosta", "Samuel": "Sam",
    }.items()
    for short in shorts.split()
}  # fmt: skip
