"""Take my writing with me: an archive of pages, texts and files, made while it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lms.features.submissions.models import Review
from lms.features.submissions.taking_along import Group, Piece, Written, in_markdown, writing_of
from lms.host.archive import Content, zipped
from lms.host.i18n import day, day_and_time, in_language
from lms.host.i18n import gettext as _
from lms.host.transfer import pieces_answer, uploads
from lms.host.web import Blueprint, ResponseReturnValue, host, now, page, signed_in_only, visitor
from lms.plugin_api.values import Part

views = Blueprint("taking", __name__)


@views.get("/account/writing")
@signed_in_only
def writing() -> ResponseReturnValue:
    """Everything that whoever asks has written in any group, with the feedback on it."""
    groups = writing_of(visitor().id, host().guard, now(), host().taken_along)
    files = [("contents.html", _page("submissions/taken_contents.html", groups=groups, who=visitor()))]
    files += [(f"{piece.name}.html", _piece_page(piece)) for group in groups for piece in group.pieces]
    files += [("contents.md", _contents(groups))]
    files += [(f"{piece.name}.md", _piece_text(piece)) for group in groups for piece in group.pieces]
    name = "mes-ecrits.zip" if _("My writing") != "My writing" else "my-writing.zip"
    return pieces_answer(zipped([*files, *_attached(groups)], now()), "application/zip", name)


def _attached(groups: list[Group]) -> Iterator[tuple[str, Content]]:
    """Each file under its name in the archive; read when its turn has come, after the database was let go."""
    store = uploads()
    for group in groups:
        for piece in group.pieces:
            for one in piece.written:
                for name, file in one.files:
                    yield name, partial(store.read, file.stored, 0, file.size)


def _page(template: str, **values: object) -> str:
    shown = page(template, **values)
    return str(shown[0] if isinstance(shown, tuple) else shown)


def _piece_page(piece: Piece) -> str:
    return _page("submissions/taken_piece.html", piece=piece, heading_of=_heading, said_in=_said)


def _heading(one: Written, zone: str) -> str:
    if one.heading:
        return f"{in_language(one.heading)}, {day_and_time(one.saved_at, zone)}"
    if one.sent_at is None:
        moment = day_and_time(one.saved_at, zone)
        return (
            _("Earlier words of the draft, %(when)s", when=moment) if one.earlier else _("Draft, %(when)s", when=moment)
        )
    words = _("Version %(number)s, sent %(when)s", number=one.number, when=day_and_time(one.sent_at, zone))
    return _("%(version)s, taken back", version=words) if one.taken_back else words


def _said(review: Review) -> list[tuple[str, str]]:
    pieces = (
        (_("What came through"), review.came_through),
        (_("One thing to try"), review.to_try),
        (_("A question"), review.question),
    )
    return [(label, words) for label, words in pieces if words]


# -- the same as plain text -----------------------------------------------------------------------------------


def _contents(groups: list[Group]) -> str:
    lines = [f"# {_('My writing')}", f"{visitor().name}, {day(now())}"]
    for group in groups:
        lines += [f"## {in_language(group.course)}", f"{group.name}, {group.organization}"]
        lines += [
            "\n".join(f"- [{in_language(p.title)}]({p.name}.md)" for p in group.pieces)
            or _("Nothing was written here.")
        ]
    return "\n\n".join(lines) + "\n"


def _part_text(part: Part) -> list[str]:
    taken = [one for one in part.choices if one.taken]
    whys = [f"\n  {in_language(one.why)}" if one.why else "" for one in taken]
    choices = [f"- {in_language(one.label)}{why}" for one, why in zip(taken, whys, strict=True)]
    return [in_markdown(part.text), "\n".join(choices), in_language(part.why) if part.why else ""]


def _piece_text(piece: Piece) -> str:
    lines = [f"# {in_language(piece.title)}"]
    for one in piece.written:
        lines.append(f"## {_heading(one, piece.zone)}")
        for part in one.parts:
            lines += [f"### {in_language(part.label)}"] if len(one.parts) > 1 or not one.sent_at else []
            lines += _part_text(part)
        if one.files:
            lines.append("\n".join(f"- [{file.name}]({name.rpartition('/')[2]})" for name, file in one.files))
        if one.said:
            lines += [f"### {_('What %(name)s said', name=one.said.by)}", day(one.said.review.released_at, piece.zone)]
            for label, words in _said(one.said.review):
                lines += [f"#### {label}", in_markdown(words)]
            lines += ["\n".join(f"- {in_language(line)}" for line in one.said.ticked)] if one.said.ticked else []
            for reply in one.said.replies:
                lines += [f"#### {_('Your reply')}", in_markdown(reply.words)] if reply.words else []
    return "\n\n".join(line for line in lines if line) + "\n"
