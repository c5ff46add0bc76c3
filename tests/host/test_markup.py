"""Course text as HTML: what authors need is there, what could harm is inert, and no text takes long."""

from __future__ import annotations

import html
import time
from html.parser import HTMLParser

import pytest

from lms.host import markup
from lms.host.markup import is_hostile, render

ADDRESS = "/pictures/0a1b"
PICTURES = {"pictures/bench.png": ADDRESS}


class Elements(HTMLParser):
    """Every element with its attributes, and the words between."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


# -- inert --------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=pictures/bench.png onload=alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://example.org/track.gif)",
    "![x](data:image/png;base64,AAAA)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)' onclick=alert(1)>x</a>",
    "<style>*{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<link rel=stylesheet href=//example.org/a.css>",
    "<svg onload=alert(1)><use href='data:image/svg+xml,x#x'/></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe src=//example.org></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=//example.org></object><embed src=//example.org>",
    "<base href=//example.org>",
    "<meta http-equiv=refresh content='0;url=//example.org'>",
    "<form action=//example.org><input name=password><button>x</button></form>",
    "<input type=text name=email autofocus onfocus=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video src=x onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a id=main name=main>x</a>",
    "<h2 id=location>x</h2>",
    "<li id=doors class='button flash'>x</li>",
    "<div class='flash flash--done support-line admonition' id=main>x</div>",
    "<p class=visually-hidden hidden aria-hidden=true>x</p>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    '!!! note "<script>alert(1)</script>"\n    x',
    "!!! flash\n    x",
    "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | d |",
    "Word[^1]\n\n[^1]: <script>alert(1)</script>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    "**<b onclick=alert(1)>x</b>**",
    "\x02wzxhzdk:0\x03<script>alert(1)</script>",
]


# The host's own, around each table.
TABLE_BOX = {"class": "scrolls", "tabindex": "0"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert(text: str) -> None:
    for tag, attributes in Elements(render(text, PICTURES)).found:
        assert tag in markup.TAGS, tag
        if attributes == TABLE_BOX:
            continue
        for name, value in attributes.items():
            assert not name.startswith("on"), name
            assert name in {*markup.ATTRIBUTES.get(tag, ()), "class", "rel"}, name
            if name == "href":
                assert (value or "").partition(":")[0] in ("http", "https", "mailto") or (value or "")[:1] == "#"
            if name == "src":
                assert value == ADDRESS
            if name == "id":
                assert (value or "").startswith("fn")
            if name == "class":
                assert set((value or "").split()) <= {c for classes in markup.CLASSES.values() for c in classes}
        if tag == "input":
            assert attributes["type"] == "checkbox"
            assert "disabled" in attributes


def test_links_do_not_tell_where_people_come_from() -> None:
    assert 'rel="noopener noreferrer nofollow"' in render("[x](https://example.org)")


# -- what authors need --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("# Title", "<h2>Title</h2>"),
        ("## Part", "<h2>Part</h2>"),
        ("**bold** and *quiet*", "<p><strong>bold</strong> and <em>quiet</em></p>"),
        ("a  \nb", "<p>a<br>\nb</p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("Tea\n:   A drink.", "<dl>\n<dt>Tea</dt>\n<dd>A drink.</dd>\n</dl>"),
        ("Press <kbd>Tab</kbd>", "<p>Press <kbd>Tab</kbd></p>"),
        ("Alice & Bob < Chloe", "<p>Alice &amp; Bob &lt; Chloe</p>"),
        ("![A bench](pictures/bench.png)", f'<p><img alt="A bench" src="{ADDRESS}"></p>'),
        ("![A tree](pictures/tree.png)", '<p><img alt="A tree"></p>'),
        (
            "<details><summary>More</summary>Words</details>",
            "<details><summary>More</summary>Words</details>",
        ),
    ],
)
def test_course_text_becomes_html(text: str, made: str) -> None:
    assert render(text, PICTURES) == made


def test_tables_keep_their_alignment() -> None:
    page = render("| Day | Hours |\n|---|--:|\n| Monday | 3 |")
    assert "<th>Day</th>" in page
    assert '<td align="right">3</td>' in page


def test_a_wide_table_scrolls_in_a_box_that_the_keyboard_reaches() -> None:
    assert Elements(render("| a |\n|---|\n| b |")).found[0] == ("div", TABLE_BOX)
    assert "scrolls" not in render("<div class=scrolls tabindex=0>x</div>")


def test_footnotes_lead_there_and_back() -> None:
    found = Elements(render("Hope[^why] stays.\n\n[^why]: It does.")).found
    ids = {attributes["id"] for _, attributes in found if "id" in attributes}
    links = {attributes["href"] for tag, attributes in found if tag == "a"}
    assert len(ids) == 2
    assert {f"#{id}" for id in ids} == links


def test_admonitions_have_a_title() -> None:
    page = render('!!! tip "Try this"\n    Wait a little.')
    assert '<div class="admonition tip">' in page
    assert '<p class="admonition-title">Try this</p>' in page


def test_task_lists_show_boxes_that_nobody_can_change() -> None:
    page = render("- [x] asked\n- [ ] waited")
    boxes = [attributes for tag, attributes in Elements(page).found if tag == "input"]
    assert [("checked" in box, "disabled" in box) for box in boxes] == [(True, True), (False, True)]


def test_phone_numbers_and_mail_addresses_are_links() -> None:
    page = render("[Call](tel:988), [text](sms:988), [write](mailto:alice@example.org)")
    assert [a["href"] for _, a in Elements(page).found if "href" in a] == [
        "tel:988",
        "sms:988",
        "mailto:alice@example.org",
    ]


# -- time ---------------------------------------------------------------------------------------------------

NORMAL = "\n\n".join(
    [
        (
            "Alice met *Bob* at the [library](https://example.org). They **waited** and had tea."
            " Nobody said much for a while, and that was fine with everybody who sat at the long table."
        )
    ]
    * 220
)

SLOW = {
    "brackets": "[" * 20_000,
    "brackets with words": "\\>[" * 9_000,
    "quoted brackets": ">[a" * 9_000,
    "pictures never closed": "![a](" * 6_000,
    "links in links": "[a](" * 9_000,
    "tags never closed": "<a " * 15_000,
    "headings without end": "# a\n" * 12_000,
    "underlined headings": "a\n===\n" * 8_000,
    "rules": "---\n" * 12_000,
    "definitions": "\n:   )" * 9_000,
    "one footnote again and again": "[^1]: {" * 6_000,
    "lists in lists": "1. " * 15_000,
    "stars": "*a **b " * 6_000,
    "code hiding brackets": "[``]``" * 4_000,
    "too long": "word " * 20_000,
}


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_texts_that_would_take_minutes_are_shown_as_they_are(text: str) -> None:
    assert is_hostile(text)
    assert render(text) == f"<p>{html.escape(text[: markup.MAX_LENGTH])}</p>"


def test_normal_texts_are_not_taken_for_hostile() -> None:
    assert len(NORMAL) > 30_000
    assert not is_hostile(NORMAL)
    assert not is_hostile("\n".join(f"- [x] step {n}" for n in range(300)))
    assert not is_hostile("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 300)
    assert not is_hostile("[`code`](https://example.org) and `a[0]` and \\[ \n\n" * 200)


def test_what_is_let_through_is_not_much_slower_than_a_normal_text() -> None:
    nearly = [
        ">[a " * 60 + "word " * 7_000,
        "# a\n" * 400 + "word " * 7_000,
        "a\n===\n" * 190 + "word " * 7_000,
        "[^1]: { " * 200 + "word " * 7_000,
        "*a **b " * 600 + "word " * 5_000,
        "<b> a " * 1_900,
    ]
    assert not any(map(is_hostile, nearly))
    usual = seconds(NORMAL)
    assert max(map(seconds, nearly)) < 100 * usual


def seconds(text: str) -> float:
    """The quicker of two runs."""
    found = []
    for _ in range(2):
        started = time.perf_counter()
        markup._render.__wrapped__(text, ())
        found.append(time.perf_counter() - started)
    return min(found)


def test_nesting_that_overwhelms_the_parser_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "1. " * 5_000
    monkeypatch.setattr(markup, "is_hostile", lambda _: False)
    assert render(text) == f"<p>{text}</p>"


def test_the_numbers_of_the_help_lines_are_never_broken() -> None:
    made = render("Call 9-8-8 or [9-1-1](tel:911). Not 19-8-8 and not 9-8-8-1, nor ![9-8-8](pictures/9-8-8.png).")
    assert made.count('<span class="whole">9-8-8</span>') == 1
    assert '<a href="tel:911" rel="noopener noreferrer nofollow"><span class="whole">9-1-1</span></a>' in made
    assert "19-8-8" in made
    assert "9-8-8-1" in made


def test_cells_of_a_wide_table_know_what_heads_them() -> None:
    made = render('| Min "utes" | What | How |\n| --- | --- | --- |\n| 8 | *Tea* | Talk <b> |\n| 2 |\n')
    assert '<td data-of="Min &quot;utes&quot;">8</td>' in made
    assert '<td data-of="What"><em>Tea</em></td>' in made
    assert made.count("data-of=") == 6
    assert "data-of" not in render("| Key | What |\n| --- | --- |\n| h | here |\n")
