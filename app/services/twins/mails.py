"""Mail addresses and sites: which are the same, and which say whose company it is."""

import re
from functools import lru_cache

_ADDRESS = re.compile(r"([^\s<>@,;:\"]{1,64})@([^\s<>@,;:\"/]{1,253})")
#: Where a host's name ends in an address of the web.
_AFTER_HOST = re.compile(r"[/:?#\s]")
_HOST = re.compile(r"(?:[\w-]{1,63}\.)+(?!\d+$)[\w-]{1,63}")
_LONGEST_HOST = 253
#: Labels before a country's own that belong to the ending: firma.co.at is not the domain co.at.
_SECOND = frozenset({"co", "or", "com", "gv", "ac", "org", "net", "gov", "edu"})
_COUNTRY = 2


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Where everybody has a mail address.
FREE_MAIL = _set(
    "gmx.de gmx.net gmx.at gmx.ch gmx.com gmx.eu gmx.org web.de email.de t-online.de magenta.de freenet.de arcor.de"
    " online.de onlinehome.de alice-dsl.de alice.de vodafone.de vodafonemail.de kabelmail.de unitybox.de netcologne.de"
    " ewetel.net ewe.net osnanet.de versanet.de 1und1.de mail.de mailbox.org posteo.de posteo.net posteo.at posteo.ch"
    " tutanota.com tutanota.de tuta.io proton.me protonmail.com protonmail.ch pm.me gmail.com googlemail.com"
    " outlook.com outlook.de outlook.at hotmail.com hotmail.de hotmail.at hotmail.ch hotmail.fr live.com live.de"
    " live.at msn.com yahoo.com yahoo.de yahoo.fr ymail.com rocketmail.com aol.com aol.de icloud.com me.com mac.com"
    " bluewin.ch bluemail.ch sunrise.ch hispeed.ch swissonline.ch green.ch quickline.ch aon.at chello.at a1.net"
    " utanet.at inode.at drei.at liwest.at kabsi.at tele2.at orange.fr wanadoo.fr free.fr laposte.net sfr.fr"
    " libero.it virgilio.it tin.it mail.com mail.ru yandex.ru yandex.com zoho.com fastmail.com lycos.de compuserve.de"
    " telekom.de o2online.de o2mail.de genion.de planet-interkom.de gmx.info webmail.de"
)
#: Where everybody has a page.
_SITES = _set(
    "facebook.com instagram.com linkedin.com xing.com twitter.com x.com youtube.com google.com google.de tiktok.com"
    " pinterest.com pinterest.de wixsite.com wix.com jimdo.com jimdosite.com jimdofree.com wordpress.com blogspot.com"
    " business.site etsy.com ebay.de amazon.de github.io linktr.ee kununu.com gelbeseiten.de herold.at local.ch"
    " webnode.com webnode.page strato.de weebly.com squarespace.com myshopify.com"
)
_ROLES = _set(
    "info office kontakt contact mail email post hallo hello service support vertrieb sales verkauf einkauf"
    " buchhaltung rechnung rechnungen accounting invoice zentrale empfang sekretariat bewerbung jobs presse marketing"
    " team buero büro anfrage anfragen bestellung order shop admin webmaster verwaltung praxis kanzlei noreply"
    " no-reply newsletter datenschutz"
)


def address(text: str) -> str | None:
    """The address in 'Anna Kern <Anna@Firma.de>' or 'mailto:…', as it is compared; None where there is none."""
    found = _ADDRESS.search(text[:500])
    host = _host(found[2]) if found else ""
    if found is None or not host:
        return None
    if host == "googlemail.com":
        host = "gmail.com"
    name = found[1].casefold()
    if host == "gmail.com":
        name = name.partition("+")[0].replace(".", "")
    return f"{name}@{host}"


def is_role(mail: str) -> bool:
    """Whether an address is an office's rather than a person's: info@…"""
    return mail.partition("@")[0] in _ROLES


def company_domain(text: str) -> str | None:
    """The domain of a mail address or a site, if it can be one company's own: 'https://www.firma.de/x', 'a@firma.de'.

    Subdomains are left off. None for GMX and its like, for pages at Facebook and its like, and for no domain at all.
    """
    text = text.strip()[:2000]
    before, scheme, rest = text.partition("://")
    if scheme:
        authority = rest.partition("/")[0].rpartition("@")[2]
    else:
        mail = _ADDRESS.search(text) if "@" in text else None
        authority = mail[2] if mail else before
    host = _AFTER_HOST.split(authority, maxsplit=1)[0]
    return (_own(host) or None) if len(host) <= _LONGEST_HOST else None


def domain_of(mail: str) -> str:
    """`company_domain` of an `address`; '' for none."""
    return _own(mail.partition("@")[2])


@lru_cache(maxsize=4096)
def _own(host: str) -> str:
    domain = registered(host)
    return "" if domain in FREE_MAIL or domain in _SITES else domain


def registered(host: str) -> str:
    """The domain somebody registered, without what stands before it: 'shop.firma.co.at' gives 'firma.co.at'."""
    labels = _host(host).split(".")
    if len(labels) <= 2:
        return ".".join(labels)
    ending = labels[-2] in _SECOND and len(labels[-1]) == _COUNTRY
    return ".".join(labels[-3:] if ending else labels[-2:])


@lru_cache(maxsize=4096)
def _host(text: str) -> str:
    """A host's name as it is compared, '' for what is none: an address of numbers, a word without a dot."""
    host = text.casefold().strip(".")
    if "xn--" in host:
        try:
            host = host.encode("ascii").decode("idna")
        except UnicodeError:
            return ""
    return host if _HOST.fullmatch(host) else ""
