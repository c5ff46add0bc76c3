"""Lists of participants as meeting tools write them: what is read, and how it is added up."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.builtin.attendance.options import TimeOptions
from lms.builtin.attendance.time import ShareOfTime
from lms.features.attendance.list_times import read_moment, read_seconds
from lms.features.attendance.matching import matched, read_sent, sent, told
from lms.features.attendance.participants import (
    MAX_BYTES,
    Guest,
    Row,
    Unreadable,
    folded,
    guests,
    presence,
    read_list,
    union,
)
from lms.features.attendance.rules import Told, by_presence
from lms.features.cohorts.queries import Member
from lms.plugin_api.values import Ledger, Mark, Meeting, MeetingState, Status, VerdictStatus

# Six to eight in the evening in Toronto.
STARTS = datetime(2026, 5, 5, 22, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=2)
LENGTH = 7200
ZONE = "America/Toronto"

ZOOM_ABOVE = """Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
123 456 789,Class 6,05/05/2026 05:55:00 PM,05/05/2026 08:04:00 PM,amina@example.org,130,3

Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room
"""
ZOOM = """Bo (Bo Tran),bo@example.org,05/05/2026 05:58:10 PM,05/05/2026 06:40:00 PM,42,Yes,No
Bo (Bo Tran),bo@example.org,05/05/2026 06:50:30 PM,05/05/2026 08:03:00 PM,73,Yes,No
"Kim, à côté",,05/05/2026 06:20:00 PM,05/05/2026 08:00:00 PM,100,Yes,No
Sam,,05/05/2026 05:50:00 PM,05/05/2026 06:10:00 PM,20,Yes,Yes
"""
ZOOM_HEADING = ZOOM_ABOVE.splitlines()[-1] + "\n"

TEAMS = """1. Summary
Meeting title\tClass 6
Attended participants\t2
Start time\t5/5/26, 5:55:00 PM
End time\t5/5/26, 8:04:00 PM
Meeting duration\t2h 9m 0s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Bo Tran\t5/5/26, 5:58:10 PM\t5/5/26, 8:03:00 PM\t1h 54m 20s\tbo@example.org\tbo@example.org\tPresenter
Kim\t5/5/26, 6:20:00 PM\t5/5/26, 8:00:00 PM\t1h 40m 0s\t\t\tPresenter
"""
TEAMS_ACTIVITIES = """
3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Bo Tran\t5/5/26, 5:58:10 PM\t5/5/26, 6:40:00 PM\t41m 50s\tbo@example.org\tPresenter
Bo Tran\t5/5/26, 6:50:30 PM\t5/5/26, 8:03:00 PM\t1h 12m 30s\tbo@example.org\tPresenter
Kim\t5/5/26, 6:20:00 PM\t5/5/26, 8:00:00 PM\t1h 40m 0s\t\tPresenter
"""
TEAMS_FRENCH = """1. Résumé
Titre de la réunion\tSéance 6
Durée de la réunion\t2 h 9 min 0 s

2. Participants
Nom\tPremière participation\tDernier départ\tDurée de la réunion\tE-mail\tID du participant (UPN)\tRôle
Bo Tran\t2026-05-05, 17:58:10\t2026-05-05, 20:03:00\t1 h 54 min 20 s\tbo@example.org\t\tPrésentateur
Kim\t2026-05-05, 18:20:00\t2026-05-05, 20:00:00\t1 h 40 min 0 s\t\t\tPrésentateur
"""

# Bo was there from the start to 18:40 and from 18:50:30 to the end; Kim came twenty minutes late.
BO, KIM = 2400 + 4170, 6000


def listed(text: str | bytes) -> dict[str, Guest]:
    data = text.encode() if isinstance(text, str) else text
    return {guest.name: guest for guest in guests(read_list(data), STARTS, ENDS, ZONE)}


def seconds(guest: Guest) -> int:
    return presence(guest, LENGTH)[0]


# -- the tools ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", [ZOOM_ABOVE, ZOOM_HEADING])
def test_zooms_report_with_and_without_the_lines_about_the_meeting(heading: str) -> None:
    found = listed(heading + ZOOM)
    assert list(found) == ["Bo (Bo Tran)", "Kim, à côté"], "a waiting room is not the class"
    assert found["Bo (Bo Tran)"] == Guest("Bo (Bo Tran)", "bo@example.org", ((0, 2400), (3030, 7200))), (
        "reconnects are summed, time before and after the class is left out"
    )
    assert seconds(found["Bo (Bo Tran)"]) == BO
    assert seconds(found["Kim, à côté"]) == KIM


def test_reconnects_are_summed_and_two_devices_count_once() -> None:
    """Half of the class on a phone and a laptop at once is half of the class."""
    text = ZOOM_HEADING + (
        "Bo,bo@x.ca,05/05/2026 06:00:00 PM,05/05/2026 07:00:00 PM,60,Yes,No\n"
        "Bo,bo@x.ca,05/05/2026 06:10:00 PM,05/05/2026 07:00:00 PM,50,Yes,No\n"
        "Bo,bo@x.ca,05/05/2026 07:30:00 PM,05/05/2026 07:45:00 PM,15,Yes,No\n"
    )
    assert seconds(listed(text)["Bo"]) == 75 * 60


@pytest.mark.parametrize(
    "text", [TEAMS, TEAMS + TEAMS_ACTIVITIES, TEAMS_FRENCH], ids=["summary", "activities", "french"]
)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
def test_the_three_parts_of_teams(text: str, encoding: str) -> None:
    found = listed(text.encode(encoding))
    assert seconds(found["Kim"]) == KIM
    # Without the activities nobody knows when Bo was gone: the whole duration within the class is believed.
    assert seconds(found["Bo Tran"]) == (BO if "3. In" in text else 6860)
    assert found["Bo Tran"].email == "bo@example.org"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r\r\n"])
def test_any_table_with_names_and_minutes(encoding: str, ends: str) -> None:
    text = ends.join(["Courriel;Nom;Minutes", "lea@x.ca;Léa Côté;90,5", ";Noël;15", ""])
    found = listed(text.encode(encoding))
    assert found["Léa Côté"] == Guest("Léa Côté", "lea@x.ca", (), 5430)
    assert seconds(found["Noël"]) == 900


@pytest.mark.parametrize(
    "written",
    [
        "05/05/2026 06:00:00 PM",
        "5/5/26, 6:00:00 p.m.",
        "2026-05-05 18:00:00",
        "2026-05-05T22:00:00Z",
        "2026-05-05T18:00:00-04:00",
        "05.05.2026 18:00",
        "May 5, 2026 06:00:00 PM",
        "5 mai 2026 à 18 h 00",
        "5 May 2026, 18:00",
    ],
)
def test_one_moment_in_many_ways(written: str) -> None:
    text = f'Name,Join Time,Duration\n"Bo","{written}",2h\n'
    assert listed(text)["Bo"].spans == ((0, LENGTH),)


@pytest.mark.parametrize(("written", "month"), [("06/05/2026", 6), ("05/06/2026", 6)])
def test_month_and_day_are_read_so_that_they_fit_the_class(written: str, month: int) -> None:
    starts = datetime(2026, month, 5, 22, tzinfo=UTC)
    rows = read_list(f"Name,Join Time,Duration\nBo,{written} 18:00:00,60\n".encode())
    assert guests(rows, starts, starts + timedelta(hours=2), ZONE)[0].spans == ((0, 3600),)


def test_over_the_change_of_clocks_a_class_is_as_long_as_it_was() -> None:
    """The night of November 1: from half past midnight on, three hours pass until half past two."""
    starts = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    rows = read_list(b"Name,Join Time,Leave Time\nBo,2026-11-01 00:30:00,2026-11-01 02:30:00\n")
    assert guests(rows, starts, starts + timedelta(hours=3), ZONE)[0].spans == ((0, 3 * 3600),)


def test_a_list_across_midnight() -> None:
    starts = datetime(2026, 5, 6, 3, tzinfo=UTC)  # eleven at night
    rows = read_list(b"Name,Join Time,Leave Time\nBo,2026-05-05 23:00:00,2026-05-06 01:00:00\n")
    assert guests(rows, starts, starts + timedelta(hours=2), ZONE)[0].spans == ((0, LENGTH),)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1h 57m 55s", 7075), ("1 h 57 min 55 s", 7075), ("57m", 3420), ("55s", 55), ("1:57:55", 7075), ("120", 7200),
        ("119.5", 7170), ("119,5", 7170), ("2 hours", 7200), ("", None), ("soon", None), ("-5", None), ("=1+1", None),
    ],
)  # fmt: skip
def test_durations(text: str, found: int | None) -> None:
    assert read_seconds(text) == found


# -- what cannot be -----------------------------------------------------------------------------------------


def test_a_list_of_another_day_is_said_and_not_taken() -> None:
    with pytest.raises(Unreadable, match="This is the list of another day: April 28, 2026"):
        listed("Name,Join Time,Duration\nBo,2026-04-28 18:00:00,120\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "We cannot read this list."),
        (b"hello", "We cannot read this list."),
        (b"Name,Colour\nBo,red\n", "We cannot read this list."),
        (b"%PDF-1.7\n\xff\xfe\x00", "We cannot read this list."),
        (b"PK\x03\x04" + bytes(range(256)), "We cannot read this list."),
        (b"Name,Minutes\n", "Nobody is on this list."),
        (b"x" * (MAX_BYTES + 1), "This file is too large"),
        (b"Name,Minutes\n" + b"Bo,1\n" * 3001, "This list is too long"),
        (b"Name,Minutes\n" * 10_000, "This list is too long"),
        (b"Name,Minutes\n" + b"".join(b"P%d,1\n" % n for n in range(301)), "This list is too long"),
    ],
)
def test_what_is_no_list_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        listed(data)


def test_formulas_are_text() -> None:
    name = '=HYPERLINK("http://evil.example","Bo")'
    assert listed(f'Name,Minutes\n"{name.replace(chr(34), chr(34) * 2)}",60\n')[name].loose == 3600


def test_the_same_person_twice_is_one_line() -> None:
    found = listed("Name,Minutes\nBo Tran,30\nBO TRAN,45\n")
    assert [guest.loose for guest in found.values()] == [75 * 60]


# -- added up -----------------------------------------------------------------------------------------------


def test_no_rounding_down_to_minutes() -> None:
    """89 minutes and one second are not 89 minutes; five minutes late to the second is not late."""
    assert by_presence(89 * 60 + 1, 0, LENGTH, LENGTH) == Told(Status.HERE, 90)
    assert by_presence(LENGTH - 300, 300, LENGTH, LENGTH) == Told(Status.HERE, 115)
    assert by_presence(LENGTH - 301, 301, LENGTH, LENGTH) == Told(Status.LATE, 115, 5)
    assert by_presence(3600, 0, 3600, LENGTH) == Told(Status.LEFT_EARLY, 60)
    assert by_presence(0, None, None, LENGTH) is None
    assert by_presence(1800, None, None, LENGTH) == Told(Status.HERE, 30)


def test_a_leaving_time_without_seconds_holds_until_its_minute_is_over() -> None:
    assert listed("Name,Join Time,Leave Time\nBo,2026-05-05 18:00,2026-05-05 18:59\n")["Bo"].spans == ((0, 3600),)


spans = st.lists(st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda s: (min(s), max(s))), max_size=12)


@given(spans)
def test_the_sum_is_the_number_of_seconds_in_any_span(given_spans: list[tuple[int, int]]) -> None:
    covered = set().union(*(range(begins, stops) for begins, stops in given_spans))
    assert sum(stops - begins for begins, stops in union(given_spans)) == len(covered)


def a_row(name: str, begins: int, length: int) -> Row:
    came = read_moment(f"{STARTS + timedelta(seconds=begins):%Y-%m-%dT%H:%M:%SZ}")
    left = read_moment(f"{STARTS + timedelta(seconds=begins + length):%Y-%m-%dT%H:%M:%SZ}")
    return Row(name, "", came, left, length)


rows = st.lists(
    st.one_of(
        st.builds(a_row, st.sampled_from(["Bo", "bo", "Kim"]), st.integers(-4000, 9000), st.integers(0, 9000)),
        st.builds(Row, st.sampled_from(["Bo", "Kim"]), st.sampled_from(["", "bo@x.ca"]), seconds=st.integers(0, 10**9)),
    ),
    max_size=12,
)


@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(given_rows: list[Row], chance: object) -> None:
    shuffled = list(given_rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert guests(given_rows, STARTS, ENDS, ZONE) == guests(shuffled, STARTS, ENDS, ZONE)


@given(rows)
def test_nobody_was_there_longer_than_the_class(given_rows: list[Row]) -> None:
    assert all(0 <= seconds(guest) <= LENGTH for guest in guests(given_rows, STARTS, ENDS, ZONE))


@given(rows, rows)
def test_more_rows_never_take_time_away(some: list[Row], more: list[Row]) -> None:
    whole = {guest.email or folded(guest.name): seconds(guest) for guest in guests([*some, *more], STARTS, ENDS, ZONE)}
    for guest in guests(some, STARTS, ENDS, ZONE):
        assert whole[guest.email or folded(guest.name)] >= seconds(guest)


cells = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    [
        "Name",
        "Minutes",
        "Join Time",
        "Leave Time",
        "Email",
        "05/05/2026 06:00 PM",
        "2h",
        "99:99:99",
        '"',
        "3. Part",
        "Bo",
    ]
)


@given(st.lists(st.lists(cells, max_size=6), max_size=8), st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-16"]))
def test_no_table_is_a_crash(table: list[list[str]], separator: str, encoding: str) -> None:
    data = "\n".join(["Name,Minutes,Join Time".replace(",", separator), *map(separator.join, table)]).encode(encoding)
    with suppress(Unreadable):
        assert all(guest.name for guest in guests(read_list(data), STARTS, ENDS, ZONE))


@given(st.binary(max_size=300))
def test_no_file_is_a_crash(data: bytes) -> None:
    with suppress(Unreadable):
        assert read_list(data)


# -- who is who ---------------------------------------------------------------------------------------------


def member(id: int, name: str, email: str = "") -> Member:
    return Member(id, 100 + id, name, email or f"p{id}@example.org", STARTS)


PEOPLE = [member(1, "Bo Tran", "bo@example.org"), member(2, "Théo Lavoie"), member(3, "Kim"), member(4, "kim")]


@pytest.mark.parametrize(
    ("shown", "email", "found"),
    [
        ("whoever", "BO@example.org", 1),
        ("Theo LAVOIE", "", 2),
        ("Lavoie, Théo", "", 2),
        ("Théo Lavoie (they/them)", "", 2),
        ("my phone (Bo Tran)", "", 1),
        ("Kim", "", None),  # two people have this name
        ("Bo", "", None),
        ("", "", None),
        ("()", "", None),
    ],
)
def test_people_are_found_by_address_and_by_a_name_that_is_theirs_alone(
    shown: str, email: str, found: int | None
) -> None:
    (line,) = matched([Guest(shown, email, ((0, LENGTH),))], PEOPLE, LENGTH)
    assert (line.member.enrolment_id if line.member else None) == found


@pytest.mark.parametrize(
    ("min_share", "status"), [(0.6, VerdictStatus.MET), (0.625, VerdictStatus.MET), (0.65, VerdictStatus.CANNOT_BE_MET)]
)
def test_the_share_of_the_meeting_is_of_all_visits_together_mod_zoom_288(
    min_share: float, status: VerdictStatus
) -> None:
    """Bo comes, is cut off and comes back: an hour and a quarter of two hours, as the rule judges it."""
    visits = ZOOM_HEADING + (
        "Bo,bo@example.org,05/05/2026 06:00:00 PM,05/05/2026 07:00:00 PM,60,Yes,No\n"
        "Bo,bo@example.org,05/05/2026 07:30:00 PM,05/05/2026 07:45:00 PM,15,Yes,No\n"
    )
    (line,) = matched(list(listed(visits).values()), PEOPLE, LENGTH)
    assert line.told
    mark = Mark(1, line.told.status, minutes=line.told.minutes)
    ledger = Ledger((Meeting(1, STARTS, 120, (), MeetingState.HELD),), (mark,), outcomes=("completed",))
    verdict = ShareOfTime().judge(ledger, "completed", TimeOptions(min_share=min_share))
    assert (verdict.have, verdict.status) == (75, status)


def test_a_phone_and_a_laptop_of_one_person_are_added_up() -> None:
    phone, laptop = Guest("Bo Tran", "", ((0, 3600),)), Guest("bo", "bo@example.org", ((3000, LENGTH),))
    assert [line.told for line in matched([phone, laptop], PEOPLE, LENGTH)] == [Told(Status.HERE, 120)] * 2


@given(spans, st.integers(0, LENGTH))
def test_what_a_form_carries_is_what_was_read(given_spans: list[tuple[int, int]], loose: int) -> None:
    guest = Guest("Bo", "", tuple(s for s in union(given_spans) if s[0] < s[1]), loose)
    form = {"name-0": "Bo", "times-0": sent(guest), "who-0": "7", "over-0": "yes"}
    assert read_sent(form, LENGTH) == {7: (guest, True)}


@given(st.text(max_size=60), st.text(max_size=12))
def test_a_form_that_somebody_changed_stays_within_the_class(times: str, who: str) -> None:
    for guest, _over in read_sent({"times-0": times, "who-0": who}, LENGTH).values():
        assert 0 <= presence(guest, LENGTH)[0] <= LENGTH
        assert told(guest, LENGTH) is None or guest.spans or guest.loose
