"""When classes take place: patterns, holidays, copies, the change of clocks. Without a database."""

# ruff: noqa: DTZ001  (times on the wall have no zone)
from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.features.cohorts.dates import (
    LONGEST,
    Odd,
    copied,
    meet,
    moment,
    next_of,
    oddities,
    on_the_wall,
    overlapping,
    weekly,
)
from lms.features.cohorts.pasting import Wrong, read_dates
from lms.features.cohorts.provinces import LIKELY, PROVINCES, ZONES, holidays_in, provinces_by_name
from lms.host.i18n import spoken

ZONE_NAMES = st.sampled_from(sorted(ZONES))
DAYS = st.dates(date(2001, 1, 1), date(2090, 1, 1))
TIMES = st.dictionaries(st.integers(0, 6), st.times().map(lambda t: t.replace(second=0, microsecond=0)), min_size=1)
many = settings(max_examples=80, deadline=None, database=None)


@many
@given(first=DAYS, times=TIMES, count=st.integers(0, 30), away=st.sets(st.integers(0, 200)))
def test_a_weekly_plan_has_all_its_classes_on_its_days_and_none_on_a_day_left_out(
    first: date, times: dict[int, time], count: int, away: set[int]
) -> None:
    left_out = {first + timedelta(days=number) for number in away}
    found = weekly(first, times, count, left_out)
    assert len(found.starts) == count
    assert list(found.starts) == sorted(set(found.starts))
    assert all(wall.time() == times[wall.weekday()] and wall.date() >= first for wall in found.starts)
    assert not {wall.date() for wall in found.starts} & left_out
    assert set(found.left_out) <= left_out
    assert all(day.weekday() in times for day in found.left_out)


@many
@given(first=DAYS, count=st.integers(1, 40), zone=ZONE_NAMES, hour=st.integers(4, 23))
def test_over_the_change_of_clocks_the_time_on_the_wall_stays(first: date, count: int, zone: str, hour: int) -> None:
    walls = weekly(first, {first.weekday(): time(hour)}, count).starts
    moments = [moment(wall, zone) for wall in walls]
    assert [on_the_wall(at, zone) for at in moments] == list(walls)
    assert {at.astimezone(ZoneInfo(zone)).hour for at in moments} == {hour}


@many
@given(first=DAYS, times=TIMES, count=st.integers(1, 30), to=DAYS)
def test_a_copy_keeps_weekdays_times_and_gaps(first: date, times: dict[int, time], count: int, to: date) -> None:
    old = weekly(first, times, count).starts
    new = copied(old, to).starts
    assert 0 <= (new[0].date() - to).days < 7
    assert [wall.weekday() for wall in new] == [wall.weekday() for wall in old]
    assert [b - a for a, b in itertools.pairwise(new)] == [b - a for a, b in itertools.pairwise(old)]


@many
@given(first=DAYS, times=TIMES, count=st.integers(1, 20), to=DAYS, away=st.sets(st.integers(0, 100)))
def test_a_copy_passes_over_holidays_and_stays_complete(
    first: date, times: dict[int, time], count: int, to: date, away: set[int]
) -> None:
    left_out = {to + timedelta(days=number) for number in away}
    new = copied(weekly(first, times, count).starts, to, left_out)
    assert len(new.starts) == count
    assert not {wall.date() for wall in new.starts} & left_out
    assert {wall.weekday() for wall in new.starts} <= set(times)


def test_what_does_not_fit_into_104_weeks_is_not_planned() -> None:
    first = date(2026, 9, 8)
    found = weekly(first, {1: time(18)}, 200)
    assert len(found.starts) == 104
    assert found.starts[-1].date() - first < LONGEST
    assert next_of(found.starts) is None
    assert weekly(first, {}, 3).starts == ()
    assert copied((), first).starts == ()


def test_a_copy_for_a_course_that_grew_or_shrank_has_as_many_as_asked() -> None:
    old = [datetime(2026, 9, 8, 18), datetime(2026, 9, 10, 19, 15)]
    assert copied(old, date(2027, 3, 1), count=1).starts == (datetime(2027, 3, 2, 18),)
    assert copied(old, date(2027, 3, 1), count=4).starts[2:] == (
        datetime(2027, 3, 9, 18),
        datetime(2027, 3, 11, 19, 15),
    )


def test_the_next_time_follows_the_pattern() -> None:
    walls = [datetime(2026, 9, 8, 18), datetime(2026, 9, 10, 19, 15)]
    assert next_of(walls) == datetime(2026, 9, 15, 18)
    assert next_of(walls, {date(2026, 9, 15)}) == datetime(2026, 9, 17, 19, 15)
    assert next_of([]) is None


@pytest.mark.parametrize(
    ("wall", "minutes", "odd"),
    [
        (datetime(2027, 3, 14, 2, 30), 120, (Odd.SKIPPED,)),
        (datetime(2027, 3, 14, 1, 30), 120, (Odd.CLOCKS,)),
        (datetime(2026, 11, 1, 1, 30), 120, (Odd.TWICE, Odd.CLOCKS)),
        (datetime(2026, 10, 31, 23), 240, (Odd.CLOCKS, Odd.MIDNIGHT)),
        (datetime(2026, 5, 5, 22), 120, ()),
        (datetime(2026, 5, 5, 22), 121, (Odd.MIDNIGHT,)),
    ],
)
def test_what_is_unusual_about_a_time_is_known(wall: datetime, minutes: int, odd: tuple[Odd, ...]) -> None:
    assert oddities(wall, minutes, "America/Toronto") == odd
    assert Odd.SKIPPED not in oddities(wall, minutes, "America/Regina"), "no change of clocks there"


@many
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(15, 300)), max_size=12))
def test_classes_that_overlap_are_found(drawn: list[tuple[int, int]]) -> None:
    start = datetime(2026, 5, 5, tzinfo=UTC)
    classes = [(start + timedelta(minutes=at), minutes) for at, minutes in drawn]
    found = overlapping(classes)
    assert all(meet(classes[a], classes[b]) for a, b in found)
    pairs = itertools.combinations(range(len(classes)), 2)
    by_hand = any(
        classes[a][0] < classes[b][0] + timedelta(minutes=classes[b][1])
        and classes[b][0] < classes[a][0] + timedelta(minutes=classes[a][1])
        for a, b in pairs
    )
    assert bool(found) == by_hand


# -- pasted dates -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "2027-03-02 18:00",
        "2027/03/02\t18 h",
        "2027-03-02T18:00:00",
        "2 mars 2027 18 h",
        "mardi 2 mars 2027, 18 h 00",
        "Mardi 2 mars 2027\t18h00\t20h00",
        "March 2, 2027 6 pm",
        "Tuesday, March 2nd, 2027; 6:00 p.m.",
        "2 Mar. 2027 6:00 PM - 8:00 PM",
        "3\t2027-03-02\t18:00\tHope and change 2",
        "Tuesday, March 2, 2027 6-8:30 PM",
        "Tuesday, March 2, 2027, 6 - 9 pm",
        "March 2, 2027 6:00 \u2013 8:30\u202fp.m.",
        "Tue, March 2nd, 2027 18.00 - 20.00",
        "2nd of March 2027, 18:00-20:30",
        "2-Mar-27 18:00",
        "02-Mar-2027\t6 PM",
        "mar. 2 mars 2027, de 18 à 20 h",
        "2 mars 2027, 18 heures",
        "2\u00a0mars\u00a02027 6 heures du soir",
        "Class 3\t2027-03-02 18:00\t2027-03-02 20:30\tRoom 2.14",
    ],
)
def test_dates_are_read_as_people_write_them(line: str) -> None:
    assert read_dates(line) == ([datetime(2027, 3, 2, 18)], [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2027-13-02 18:00", Wrong.NO_DATE),
        ("1850-03-02 18:00", Wrong.NO_DATE),
        ("30 février 2027 18 h", Wrong.NO_DATE),
        ("3 2", Wrong.NO_DATE),
        ("02/03/2027 18:00", Wrong.TWO_WAYS),
        ("lundi 2 mars 2027 18 h", Wrong.WEEKDAY),
        ("2027-03-02", Wrong.NO_TIME),
        ("2027-03-02 25:00", Wrong.TIME),
        ("2027-03-02 1830", Wrong.TIME),
        ("2027-03-02 18", Wrong.TIME),
        ("2027-03-02 minuit", Wrong.TIME),
        ("lesson 3 - 6 pm, 2027-03-02", Wrong.TIME),
        ("2027-03-02T18:00:00Z", Wrong.ZONE),
        ("2027-03-02T18:00-05:00", Wrong.ZONE),
        ("2027-03-02 6:00 PM EST", Wrong.ZONE),
        ("2027-03-02 and 2027-03-04, 18:00", Wrong.TWO_DATES),
        ("March 2, 2027 and March 4, 18:00", Wrong.TWO_DATES),
        ("Wed, March 2nd, 2027, 18:00", Wrong.WEEKDAY),
        ("mer. 2 mars 2027 18 h", Wrong.WEEKDAY),
        ("3/2/27 18:00", Wrong.TWO_WAYS),
        ("Tuesday, March 2, 18:00", Wrong.NO_YEAR),
        ("2 mars, 18 h", Wrong.NO_YEAR),
    ],
)
def test_a_line_that_cannot_be_read_says_why_and_where(line: str, why: Wrong) -> None:
    found, (fault,) = read_dates(f"Date\n\n2027-03-09 18:00\n{line}")
    assert found == [datetime(2027, 3, 9, 18)]
    assert (fault.line, fault.why) == (4, why)


def test_days_of_which_one_number_can_only_be_the_day_are_clear() -> None:
    assert read_dates("31/03/2027\n03/31/2027\n04.04.2027", time(9))[0] == [
        datetime(2027, 3, 31, 9),
        datetime(2027, 3, 31, 9),
        datetime(2027, 4, 4, 9),
    ]


@many
@given(st.text(max_size=200))
def test_whatever_is_pasted_is_read_or_named(text: str) -> None:
    found, faults = read_dates(text, time(18))
    assert len(found) + len(faults) <= len(text.splitlines())


PIECES = "2 27 6 18 25 2027 March mar 2nd - : / . h pm noon Z + @ to à 8:30 | 2027-03-02"


@many
@given(st.lists(st.sampled_from(PIECES.split())))
def test_pieces_of_dates_in_any_order_are_read_or_named(pieces: list[str]) -> None:
    for glue in (" ", ""):
        line = glue.join(["2027-03-02", *pieces])
        found, faults = read_dates(line, time(18))
        assert len(found) + len(faults) == 1, line


@pytest.mark.parametrize(
    ("line", "at"),
    [("noon", time(12)), ("midi", time(12)), ("18.30", time(18, 30)), ("10 - 12 pm", time(10)), ("11-1 pm", time(11)),
     ("12-2 pm", time(12)), ("18 heures 30", time(18, 30)), ("9 am to noon", time(9)), ("18:00-8 pm", time(18))],
)  # fmt: skip
def test_the_first_time_of_a_line_counts(line: str, at: time) -> None:
    assert read_dates(f"2027-03-02, {line}", time(5)) == ([datetime.combine(date(2027, 3, 2), at)], [])


@many
@given(st.datetimes(datetime(2001, 1, 1), datetime(2090, 1, 1)))
def test_a_written_date_is_read_back(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    for pattern in ("%Y-%m-%d %H:%M", "%Y/%m/%d\t%H h %M", "%d %B %Y %I:%M %p", "%A, %B %d, %Y; %I:%M %p"):
        assert read_dates(at.strftime(pattern)) == ([at], []), pattern


# -- holidays -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("province", PROVINCES)
def test_every_province_has_its_holidays_in_both_languages(province: str) -> None:
    english, french = (holidays_in(province, [2027], language) for language in ("en", "fr"))
    assert english.keys() == french.keys()
    assert date(2027, 7, 1) in english
    assert french[date(2027, 1, 1)] == "Jour de l'an"


def test_provinces_stand_in_the_order_of_their_names_in_each_language() -> None:
    with spoken("en"):
        assert list(provinces_by_name().values())[-5:] == [
            "Ontario",
            "Prince Edward Island",
            "Quebec",
            "Saskatchewan",
            "Yukon",
        ]
    with spoken("fr"):
        assert list(provinces_by_name())[:4] == ["AB", "BC", "PE", "MB"]


def test_a_place_without_data_has_none() -> None:
    assert holidays_in("", [2027], "en") == holidays_in("XX", [2027], "fr") == {}
    assert set(LIKELY.values()) <= set(PROVINCES)
    assert date(2027, 6, 24) in holidays_in("QC", [2027], "en")
    assert date(2027, 6, 24) not in holidays_in("ON", [2027], "en")
