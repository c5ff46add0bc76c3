"""Words and dates in the language of whoever reads."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from markupsafe import Markup

from lms.host import i18n
from lms.host.i18n import (
    LazyText,
    day,
    day_and_time,
    gettext,
    in_language,
    language,
    lazy_gettext,
    ngettext,
    short_day,
    speak,
    spoken,
    time_of_day,
)
from lms.plugin_api import Text

TORONTO = "America/Toronto"
# In 2026 clocks in Toronto go forward on 8 March at 2:00 and back on 1 November at 2:00.
LAST_MINUTE_OF_WINTER = datetime(2026, 3, 8, 6, 59, tzinfo=UTC)
FIRST_MINUTE_OF_SUMMER = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
ONE_THIRTY_IN_SUMMER = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
ONE_THIRTY_IN_WINTER = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def plain(text: str) -> str:
    """`text` with ordinary spaces."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


# -- dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "english", "french"),
    [
        (LAST_MINUTE_OF_WINTER, "Sun, Mar 8, 1:59 a.m.", "dim. 8 mars, 1 h 59"),
        (FIRST_MINUTE_OF_SUMMER, "Sun, Mar 8, 3:00 a.m.", "dim. 8 mars, 3 h 00"),
        (ONE_THIRTY_IN_SUMMER, "Sun, Nov 1, 1:30 a.m.", "dim. 1er nov., 1 h 30"),
        (ONE_THIRTY_IN_WINTER, "Sun, Nov 1, 1:30 a.m.", "dim. 1er nov., 1 h 30"),
    ],
)
def test_times_hold_in_the_nights_when_clocks_change(moment: datetime, english: str, french: str) -> None:
    assert plain(day_and_time(moment, TORONTO)) == english
    with spoken("fr"):
        assert plain(day_and_time(moment, TORONTO)) == french


def test_a_late_evening_in_toronto_is_not_yet_tomorrow() -> None:
    evening = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
    assert day(evening, TORONTO) == "Tuesday, May 5, 2026"
    assert short_day(evening, TORONTO) == "Tue, May 5"
    assert day(evening) == "Wednesday, May 6, 2026"
    with spoken("fr"):
        assert plain(day(evening, TORONTO)) == "mardi 5 mai 2026"
        assert short_day(evening, TORONTO) == "mar. 5 mai"


def test_a_date_has_no_zone() -> None:
    assert day(date(2026, 5, 5), TORONTO) == "Tuesday, May 5, 2026"


def test_times_do_not_break_at_the_end_of_a_line() -> None:
    with spoken("fr"):
        assert " " not in time_of_day(ONE_THIRTY_IN_SUMMER, TORONTO)


# -- which language -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "spoken_as"), [("fr", "fr"), ("fr-CA", "fr"), ("fr_CA", "fr"), ("en-GB", "en"), ("de", "en"), ("", "en")]
)
def test_regional_forms_count_and_unknown_ones_are_english(code: str, spoken_as: str) -> None:
    speak(code)
    assert language() == spoken_as


def test_another_language_is_spoken_for_a_while() -> None:
    speak("fr")
    with spoken("en"):
        assert language() == "en"
    assert language() == "fr"
    with pytest.raises(ValueError, match="no"), spoken("en"):
        raise ValueError("no")
    assert language() == "fr"


def test_a_thread_speaks_its_own_language() -> None:
    speak("fr")
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(language()))
    thread.start()
    thread.join()
    assert found == ["en"]


@pytest.mark.parametrize(
    ("header", "answered"), [("fr-CA,fr;q=0.8,en;q=0.2", "fr"), ("fr-BE", "fr"), ("de,en;q=0.5", "en"), ("", "en")]
)
def test_a_page_is_in_the_language_of_the_browser(app: Flask, header: str, answered: str) -> None:
    page = app.test_client().get("/", headers={"Accept-Language": header} if header else {})
    assert page.headers["Content-Language"] == answered
    assert f'<html lang="{answered}"' in page.text


def test_what_the_device_chose_wins_over_the_browser(app: Flask) -> None:
    client = app.test_client()
    client.post("/language", data={"language": "fr"})
    assert client.get("/", headers={"Accept-Language": "en"}).headers["Content-Language"] == "fr"
    client.post("/language", data={"language": "klingon"})
    assert client.get("/").headers["Content-Language"] == "fr"


def test_one_answer_does_not_speak_the_language_of_the_one_before(app: Flask) -> None:
    client = app.test_client()
    client.get("/", headers={"Accept-Language": "fr"})
    assert client.get("/nowhere").headers["Content-Language"] == "en"


# -- words --------------------------------------------------------------------------------------------------

FRENCH = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Hello %(name)s"
msgstr "Bonjour %(name)s"

msgid "%(num)d class"
msgid_plural "%(num)d classes"
msgstr[0] "%(num)d séance"
msgstr[1] "%(num)d séances"
"""


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small French catalog."""
    file = tmp_path / "fr/LC_MESSAGES/messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(FRENCH, encoding="utf-8")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    for made in (i18n.catalog, i18n._safe):
        made.cache_clear()
    yield
    for made in (i18n.catalog, i18n._safe):
        made.cache_clear()


@pytest.mark.usefixtures("french")
def test_words_come_from_the_catalog() -> None:
    assert gettext("Hello %(name)s", name="Alice") == "Hello Alice"
    with spoken("fr"):
        assert gettext("Hello %(name)s", name="Alice") == "Bonjour Alice"
        assert gettext("Only in English") == "Only in English"


@pytest.mark.usefixtures("french")
def test_french_counts_zero_and_one_alike() -> None:
    with spoken("fr"):
        assert [ngettext("%(num)d class", "%(num)d classes", n) for n in (0, 1, 2)] == [
            "0 séance",
            "1 séance",
            "2 séances",
        ]
    assert ngettext("%(num)d class", "%(num)d classes", 0) == "0 classes"


@pytest.mark.usefixtures("french")
def test_lazy_words_are_said_when_they_are_shown() -> None:
    hello: LazyText = lazy_gettext("Hello %(name)s", name="Alice")
    with spoken("fr"):
        assert f"{hello}!" == "Bonjour Alice!"
    assert str(hello) == "Hello Alice"


@pytest.mark.usefixtures("french")
def test_names_in_templates_stay_words(app: Flask) -> None:
    with app.test_request_context("/"), spoken("fr"):
        made = app.jinja_env.from_string("{{ _('Hello %(name)s', name=name) }}").render(name="<b>Alice</b>")
    assert made == "Bonjour &lt;b&gt;Alice&lt;/b&gt;"
    assert isinstance(i18n.template_gettext("Hello %(name)s", name="<b>"), Markup)


def test_a_sign_that_looks_like_a_pattern_is_left_alone() -> None:
    assert gettext("100 % sure") == "100 % sure"


def test_a_text_in_both_languages_gives_the_right_one() -> None:
    assert in_language(Text("yes", "oui")) == "yes"
    assert in_language(None) == ""
    with spoken("fr-CA"):
        assert in_language(Text("yes", "oui")) == "oui"


@pytest.mark.parametrize(("name", "told"), [("مريم", "Hello, \u2068مريم\u2069"), ("Zoë", "Hello, Zoë")])
def test_a_name_written_from_right_to_left_turns_nothing_else_around(name: str, told: str) -> None:
    assert i18n.gettext("Hello, %(name)s", name=name) == told
    assert i18n.template_gettext("Hello, %(name)s", name=name) == told
    assert str(i18n.lazy_gettext("Hello, %(name)s", name=name)) == told
    safe = i18n.template_gettext("Hello, %(name)s", name=Markup("<b>{}</b>").format(name))
    assert safe == told.replace(name, f"<b>{name}</b>")
    assert "&lt;" in i18n.template_gettext("Hello, %(name)s", name=f"<{name}")


def test_the_first_of_a_month_is_its_first() -> None:
    with spoken("fr"):
        assert short_day(date(2026, 12, 1)) == "mar. 1er déc."
        assert day(date(2026, 12, 1)) == "mardi 1er décembre 2026"
        assert short_day(date(2026, 12, 11)) == "ven. 11 déc."


def test_a_sentence_that_ends_with_a_time_has_one_full_stop() -> None:
    with spoken("en"):
        assert gettext("It begins at %(when)s.", when="6:00 p.m.") == "It begins at 6:00 p.m."


@pytest.mark.parametrize(
    ("zone", "english", "french"),
    [
        ("America/St_Johns", "St. John's", "St. John's"),
        ("America/Montreal", "Montreal", "Montréal"),
        ("America/Toronto", "Toronto", "Toronto"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "Buenos Aires"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_time_zone_is_told_by_its_city(zone: str, english: str, french: str) -> None:
    assert i18n.city_of(zone) == english
    with spoken("fr"):
        assert i18n.city_of(zone) == french
