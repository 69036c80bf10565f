"""The HTML of mails: nothing in it does or loads anything, and it can be read as plain text."""

import re

import pytest

from app.services.mails.markup import as_text, sanitised, shown_images

#: Whatever would fetch something or run something, wherever it stands.
_LIVE = re.compile(
    r"(?:src|background|poster|srcset|action)\s*=|url\(|javascript|<script|<style|<link|\bon\w+\s*=|@import|expression",
    re.I,
)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://x.example/p.gif">',
        '<img src="//x.example/p.gif">',
        '<img src="p.gif" srcset="http://x.example/2 2x">',
        '<img src=" http://x.example/p.gif">',
        '<img src="&#104;ttp://x.example">',
        '<img src="file:///etc/passwd">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<img src="data:text/html,x">',
        '<img/src="x"/onerror=alert(1)>',
        '<body background="http://x.example/b.png"><table background="http://x.example"><td background=x>',
        '<p style="background:url(http://x.example)">x</p>',
        '<p style="background-color:u\\72l(http://x.example)">x</p>',
        '<p style="color:red;/*;*/background-image:url(http://x.example)">x</p>',
        '<p style="color:expression(alert(1))">x</p>',
        "<p style=\"font-family:'a;background:url(http://x.example)'\">x</p>",
        "<p style=\"border:1px solid image-set('http://x.example')\">x</p>",
        "<style>@import 'http://x.example'; p{background:url(http://x.example)}</style>",
        '<link rel="stylesheet" href="http://x.example">',
        '<meta http-equiv="refresh" content="0;url=http://x.example">',
        '<base href="http://x.example/"><img src="a.png">',
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        '<svg onload="alert(1)"><image href="http://x.example"/><style>x</style></svg>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
        '<iframe src="http://x.example"></iframe><object data="http://x.example"></object><embed src="http://x">',
        '<video src="http://x.example" poster="http://x.example"></video><audio src="http://x.example">',
        '<form action="http://x.example"><input type="image" src="http://x"><button formaction="http://x">x</button>',
        '<a href="javascript:alert(1)" onclick="x()">x</a>',
        '<a href=" java\tscript:alert(1)">x</a>',
        "<!--[if mso]><img src='http://x.example'><![endif]-->",
    ],
)
def test_nothing_is_loaded_and_nothing_runs(html: str) -> None:
    clean = sanitised(html)
    assert clean is not None
    assert not _LIVE.search(clean), clean


def test_what_is_for_people_stays() -> None:
    html = (
        '<h1 style="color: #c00; background-color: rgb(1, 2, 3)">Angebot</h1><p>Guten&nbsp;Tag <b>Frau</b></p>'
        '<table width="100%" bgcolor="#eee"><tr><td colspan="2">a</td></tr></table><ul><li>eins</li></ul>'
        '<a href="https://x.example/?a=1&amp;b=2">hier</a><img src="cid:logo@x" alt="Logo" width="10">'
        '<img src="data:image/png;base64,AAAA">'
    )
    clean = sanitised(html)
    assert clean is not None
    for kept in (
        "rgb(1, 2, 3)",
        "<b>Frau</b>",
        'colspan="2"',
        "<li>eins</li>",
        "a=1&amp;b=2",
        "cid:logo@x",
        "base64,AAAA",
    ):
        assert kept in clean.replace("rgb(1,2,3)", "rgb(1, 2, 3)")
    assert 'rel="noopener noreferrer"' in clean


def test_images_within_the_mail_are_known() -> None:
    html = sanitised('<img src="cid:a@b"><IMG SRC=\'CID:c%40d\'><img src="http://x">cid:e@f')
    assert html is not None
    assert shown_images(html) == {"a@b", "c%40d", "c@d"}


def test_tables_deep_within_tables_become_plain() -> None:
    clean = sanitised("<table><tr><td>" * 40 + "Mitte" + "</td></tr></table>" * 40 + "<table><tr><td>danach")
    assert clean is not None
    depth = most = 0
    for tag in re.findall("</?table>", clean):
        depth += 1 if tag == "<table>" else -1
        most = max(most, depth)
    assert (depth, most) == (0, 7)
    assert clean.count("<div>") == clean.count("</div>")
    assert clean.endswith("<table><tbody><tr><td>danach</td></tr></tbody></table>")
    assert as_text(clean) == "Mitte\n\ndanach"


def test_beyond_all_measure_there_is_none() -> None:
    assert sanitised("<b>" * 250 + "x") is not None
    assert sanitised("<b>" * 2000 + "x") is None
    assert sanitised('<p title="<b>">x</p>' * 1000) is not None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>eins</p><p>zwei</p>", "eins\n\nzwei"),
        ("eins<br>zwei<br/>drei", "eins\nzwei\ndrei"),
        ("<div>eins</div><div>zwei</div>", "eins\nzwei"),
        ("  viel \n\n  Raum&nbsp;hier ", "viel Raum hier"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<ul><li>eins</li><li>zwei</li></ul>", "• eins\n• zwei"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ('<a href="https://x.example/y">hier</a>', "hier <https://x.example/y>"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@b.de">a@b.de</a>', "a@b.de"),
        ('<a href="mailto:a@b.de">Ada</a>', "Ada <a@b.de>"),
        ('<img src="cid:x" alt="Logo">', "[Logo]"),
        ("Fußball &amp; Größe &lt;x&gt; &#8364;", "Fußball & Größe <x> €"),
        ("a<hr>b", "a\n---\nb"),
        ("<title>weg</title><style>p{}</style><script>x</script>da", "da"),
        ("", ""),
    ],
)
def test_as_plain_text(html: str, text: str) -> None:
    assert as_text(sanitised(html) or "") == text
