"""The HTML of mails: cleaned, so that it can do and load nothing, and as plain text."""

import re
from html import escape
from html.parser import HTMLParser

_TAGS = frozenset({
    "a", "abbr", "address", "b", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup",
    "dd", "del", "div", "dl", "dt", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd",
    "li", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
})  # fmt: skip
#: Not even the text within these is for people.
_DROPPED = frozenset({"script", "style", "title", "template", "noembed", "noframes", "noscript", "iframe", "object"})
_ATTRIBUTES = {
    "*": {"align", "dir", "lang", "style", "title", "valign"},
    "a": {"href"},
    "blockquote": {"type"},
    "col": {"span", "width"},
    "font": {"color", "face", "size"},
    "hr": {"size", "width"},
    "img": {"alt", "height", "src", "width"},
    "li": {"value"},
    "ol": {"start", "type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "width"},
    "td": {"bgcolor", "colspan", "height", "rowspan", "width"},
    "th": {"bgcolor", "colspan", "height", "rowspan", "width"},
    "tr": {"bgcolor"},
}
_STYLES = frozenset({
    "background-color", "border", "border-collapse", "border-color", "border-style", "border-width", "color",
    "font-family", "font-size", "font-style", "font-weight", "line-height", "margin-left", "padding", "padding-left",
    "text-align", "text-decoration", "text-indent", "vertical-align", "white-space",
})  # fmt: skip
_LINKS = frozenset({"http", "https", "mailto", "tel"})
_IMAGE = re.compile(r"cid:|data:image/(?:png|jpe?g|gif|bmp|webp);base64,", re.IGNORECASE)
# A colour may have brackets; whatever else has them, or hides something, may load something.
_COLOUR = re.compile(r"\b(?:rgb|hsl)a?\([\d.,%\s/]*\)", re.IGNORECASE)
_HIDDEN = re.compile(r"[(\\@<]|/\*")
_CID = re.compile(r'src="cid:([^"]+)"', re.IGNORECASE)

# As the cleaner writes a tag.
_TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?:[^<>"]|"[^"]*")*>')
_VOID = frozenset({"br", "col", "hr", "img"})
_TABLE = frozenset({"table", "caption", "colgroup", "col", "tbody", "thead", "tfoot", "tr", "td", "th"})
_MOST_TABLES, _MOST_DEPTH = 7, 300

_BLOCKS = frozenset({
    "address", "blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "li", "ol", "p", "pre", "table", "tr", "ul",
})  # fmt: skip
_APART = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "table"})


def sanitised(html: str) -> str | None:
    """The HTML with text, tables, links and its own images; nothing else that could do or load something.

    None when it is nested beyond all measure: what shows it would not get through.
    """
    import nh3

    cleaned = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=_allowed,
        url_schemes=set(_LINKS | {"cid", "data"}),
        url_relative="deny",
        filter_style_properties=set(_STYLES),
    )
    return _flattened(cleaned.replace("<img>", "").strip())


def _flattened(html: str) -> str | None:
    """Clean HTML without tables deep within tables: laying those out takes twice the time with each level."""
    pieces: list[str] = []
    end, depth, tables = 0, 0, 0
    for tag in _TAG.finditer(html):
        name, closes = tag["name"], bool(tag["end"])
        if name in _VOID:
            continue
        depth += -1 if closes else 1
        if depth > _MOST_DEPTH:
            return None
        tables += (name == "table") and not closes
        if tables > _MOST_TABLES and name in _TABLE:
            block = name in ("table", "tr", "td", "th", "caption")
            pieces += html[end : tag.start()], f"<{tag['end']}div>" if block else ""
            end = tag.end()
        tables -= (name == "table") and closes
    return "".join((*pieces, html[end:]))


def _allowed(tag: str, name: str, value: str) -> str | None:
    """The value of an attribute that may stay, else None."""
    if name == "src":
        return value if _IMAGE.match(value.strip()) else None
    if name == "href":
        return value if value.strip().partition(":")[0].lower() in _LINKS else None
    if name == "style":
        return ";".join(one for one in value.split(";") if not _HIDDEN.search(_COLOUR.sub("", one))) or None
    return value


def shown_images(html: str) -> frozenset[str]:
    """The content ids of the parts that clean HTML shows."""
    from urllib.parse import unquote

    return frozenset(name for found in _CID.finditer(html) for name in (found[1], unquote(found[1])))


def as_html(text: str) -> str:
    """Plain text as HTML, its lines kept."""
    return f"<pre>{escape(text)}</pre>"


def as_text(html: str) -> str:
    """Clean HTML as text that can be read: paragraphs, points of lists, cells in a row, and where links go."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return writer.text


class _Writer(HTMLParser):
    """Writes what it hears as lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._kept = 0

    @property
    def text(self) -> str:
        lines = (line.rstrip() for line in "".join(self._pieces).replace("\xa0", " ").split("\n"))
        return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self._break(tag)
        if tag == "br":
            self._pieces.append("\n")
        elif tag == "hr":
            self._pieces.append("---\n")
        elif tag == "li":
            self._pieces.append("• ")
        elif tag in ("td", "th") and not self._at_start():
            self._pieces.append("\t")
        elif tag == "a":
            self._links.append((found.get("href") or "", len(self._pieces)))
        elif tag == "img" and found.get("alt"):
            self._pieces.append(f"[{found['alt']}]")
        elif tag == "pre":
            self._kept += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._end_link()
        elif tag == "pre":
            self._kept = max(self._kept - 1, 0)
        if tag != "br":
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._kept:
            self._pieces.append(data)
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        if self._at_start() or self._pieces[-1].endswith(" "):
            words = words.lstrip(" ")
        if words:
            self._pieces.append(words)

    def _at_start(self) -> bool:
        return not self._pieces or self._pieces[-1].endswith(("\n", "\t"))

    def _break(self, tag: str) -> None:
        """A block begins on a line of its own, and some have an empty one before and behind them."""
        if tag in _BLOCKS and tag != "br" and self._pieces:
            if not self._pieces[-1].endswith("\n"):
                self._pieces.append("\n")
            if tag in _APART:
                self._pieces.append("\n")

    def _end_link(self) -> None:
        """Where the link goes, unless its text says so."""
        target, start = self._links.pop()
        said = "".join(self._pieces[start:]).strip()
        plain = target.removeprefix("mailto:").removeprefix("tel:")
        if target and plain.rstrip("/") not in (said, said.rstrip("/"), f"http://{said}", f"https://{said}"):
            self._pieces.append(f" <{plain}>")
