"""A reader of a long page goes to one part of it, and gives others its address."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask
from markupsafe import Markup

from lms.features.handbook.headings import listed, with_anchors
from tests.world import northside_app


def test_each_heading_has_an_address_of_its_own() -> None:
    page = "<h2>What « hooks » are</h2><h3><code>after_review(event, store)</code></h3><h2>À vous</h2><h2>What hooks are</h2>"
    body, headings = with_anchors(Markup(page))
    assert [heading.anchor for heading in headings] == ["what-hooks-are", "after-review", "a-vous", "what-hooks-are-2"]
    assert '<h3 id="after-review"><code>after_review(event, store)</code></h3>' in body


def test_a_heading_without_letters_has_one_too() -> None:
    assert [h.anchor for h in with_anchors(Markup("<h2>***</h2><h2>(a)</h2>"))[1]] == ["part", "part-2"]


def test_a_short_page_has_no_list_of_its_parts() -> None:
    headings = with_anchors(Markup("<h2>One</h2>" * 7))[1]
    assert listed(headings) == headings
    assert listed(headings[:6]) == ()


def test_every_hook_can_be_gone_to_from_the_top_of_its_page(tmp_path: Path, migrated_database: Path) -> None:
    app: Flask = northside_app(tmp_path, migrated_database)
    html = app.test_client().get("/handbook/the-hooks").text
    for hook in ("curricula", "attendance-policies", "reports", "after-certificate"):
        assert f'<a href="#{hook}"><code>' in html
        assert len(re.findall(rf'<h3 id="{hook}">', html)) == 1
    assert "On this page" in html
    assert "On this page" not in app.test_client().get("/handbook/frameworks-reports-cards").text
