"""The contract checks find what breaks on rare values, and need neither a web server nor a database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from lms.app import ROOT
from lms.plugin_api import (
    Activity,
    ActivityType,
    Answer,
    AttendanceExample,
    AttendancePolicy,
    Award,
    CertificateIssuer,
    Document,
    Field,
    Form,
    Ledger,
    NoOptions,
    Text,
    Verdict,
    VerdictStatus,
)
from lms.plugin_api.odd_values import meetings, odd_ledgers
from lms.plugin_api.testing import check_attendance_policy, check_certificate_issuer, check_provider

WORDS = Text("Fine.", "Bien.")
FINE = Verdict(VerdictStatus.ON_TRACK, WORDS)


class Calm(AttendancePolicy):
    name = "calm"
    label = WORDS
    examples = (AttendanceExample(WORDS, Ledger(meetings(2)), {}, {"done": VerdictStatus.ON_TRACK}),)

    def rule(self, options: NoOptions, names: Any) -> Text:
        return WORDS

    def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
        return FINE


class Divides(Calm):
    def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
        return replace(FINE, have=100 // len(ledger.meetings))


class Trusts(Calm):
    def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
        by_number = {meeting.number: meeting for meeting in ledger.meetings}
        return replace(FINE, evidence=tuple(f"class:{by_number[mark.meeting].number}" for mark in ledger.marks))


class Knows(Calm):
    def judge(self, ledger: Ledger, outcome: str, options: NoOptions) -> Verdict:
        return {"done": FINE}[outcome]


def test_a_calm_rule_passes() -> None:
    check_attendance_policy(Calm())


@pytest.mark.parametrize(
    ("policy", "what"),
    [(Divides, "no class at all"), (Trusts, "a mark for a class that is no more"), (Knows, "no-such-outcome")],
)
def test_a_rule_that_breaks_on_a_rare_ledger_is_found(policy: type[Calm], what: str) -> None:
    with pytest.raises(AssertionError, match=what):
        check_attendance_policy(policy())


def test_rare_ledgers_are_such_as_a_group_may_have() -> None:
    for _what, ledger in odd_ledgers(("done",)):
        assert len({m.number for m in ledger.meetings}) == len(ledger.meetings)
        assert len(ledger.meetings) in (0, 1, 3, 200)


class Papers(CertificateIssuer):
    name = "papers"
    label = WORDS

    def issue(self, award: Award, settings: Any) -> tuple[Document, ...]:
        return (Document("paper.txt", "text/plain", award.name.encode("latin-1")),)


def test_an_issuer_that_cannot_write_every_name_is_found() -> None:
    with pytest.raises(AssertionError, match="cannot make papers for this: the name"):
        check_certificate_issuer(Papers(), NoOptions())


class Careless(ActivityType):
    name = "careless"
    label = WORDS

    def form(self, activity: Activity, options: NoOptions) -> tuple[Field, ...]:
        return (Field("words", WORDS),)

    def read(self, activity: Activity, options: NoOptions, form: Form) -> Answer:
        return Answer(form["words"] or "-")


def test_a_kind_that_trusts_the_form_is_found() -> None:
    with pytest.raises(KeyError):
        check_provider(Careless())


def test_the_checks_need_neither_flask_nor_a_database() -> None:
    script = (
        "import sys; from lms.plugin_api.testing import check_plugin; import lms.builtin.attendance as plugin;"
        "check_plugin(plugin); loaded = {name.partition('.')[0] for name in sys.modules};"
        "private = sorted(n for n in sys.modules if n.startswith(('lms.host', 'lms.features', 'lms.app')));"
        "print(*sorted(loaded & {'flask', 'sqlalchemy', 'werkzeug', 'jinja2'}), *private)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
