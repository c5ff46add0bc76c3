"""The ten weeks taught in five days: the same modules and cards, two class plans for each day.

The text exists once, in `courses/ten-weeks`. A day is made of classes 1 and 2, 3 and 4, and so on.
"""

from __future__ import annotations

from collections.abc import Iterable

from lms.plugin_api import ClassPlan, Course, Curriculum, LoadedCourse, Requirement, RolePlay, Text

ID = "five-days"
USUAL = "triad"  # the format of most classes
TITLE = Text("Peer support in five days", "Le soutien par les pairs en cinq jours")
SUMMARY = Text(
    "The same training as in ten weeks, in five days of six hours with a long lunch. Every day has role play. "
    "Two or more days apart work best: the homework needs time. Then come thirty hours in our drop-in, with a supervisor close by.",
    "La même formation qu'en dix semaines, en cinq jours de six heures avec un long dîner. Chaque jour comporte un jeu "
    "de rôle. Mieux vaut espacer les jours de deux ou plus\u00a0: les devoirs demandent du temps. "
    "Suivent trente heures dans notre halte, avec une personne qui supervise tout près.",
)
MORNING = Text(
    "## Morning\n\nLead the first plan as it stands. Leave out its homework: it comes at the end of the day.",
    "## Matin\n\nSuivez le premier plan tel quel. Laissez de côté ses devoirs\u00a0: ils viennent à la fin de la journée.",
)
AFTERNOON = Text(
    "## Afternoon\n\nAn hour or more for lunch lies between; it is not part of the six hours. Begin with a walk round "
    'the block. Where the plan says "this week" or "last week", take the morning. End with the homework of both halves, '
    "and ask how each person gets home.",
    "## Après-midi\n\nUne heure ou plus pour dîner vient entre les deux; elle ne fait pas partie des six heures. "
    "Commencez par un tour du quartier. Où le plan dit «\u00a0cette semaine\u00a0» ou «\u00a0la dernière séance\u00a0», "
    "prenez le matin. Finissez par les devoirs des deux moitiés, et demandez comment chaque personne rentre.",
)

BY_THE_WATCH = Text(
    "**Two formats in one day.** The phones keep the time of the triad and hold its cards. Lead the other role play by your "
    "watch, and print its card from *All scenario cards*.",
    "**Deux formats le même jour.** Les téléphones suivent les temps de la triade et montrent ses cartes. Menez l'autre jeu "
    "de rôle à la montre, et imprimez sa carte depuis *Toutes les cartes de scénario*.",
)
ON_DAYS = Text("Taking part in role play on three days", "Prendre part au jeu de rôle pendant trois jours")


LUNCH = Text(
    "Something for lunch: the break of an hour or more comes on top of the six hours, so the day ends later than it says here.",
    "De quoi dîner\u00a0: la pause d'une heure ou plus s'ajoute aux six heures, et la journée finit plus tard qu'il est écrit ici.",
)


class FiveDays(Curriculum):
    name = "lms_harbourlight:five-days"
    label = Text("Five days from ten weeks", "Cinq jours tirés de dix semaines")

    def __init__(self, ten_weeks: Curriculum) -> None:
        self.ten_weeks = ten_weeks

    def courses(self) -> Iterable[LoadedCourse]:
        """Nothing while the ten weeks have faults: these are told there, once."""
        for loaded in self.ten_weeks.courses():
            if loaded.course:
                course = in_five_days(loaded.course)
                yield LoadedCourse(ID, course, course, manifests=loaded.manifests, pictures=loaded.pictures)


def in_five_days(course: Course) -> Course:
    """The course with its classes joined two by two; an odd last class stays a day by itself."""
    kept = {name: getattr(course, name) for name in Course.model_fields}
    pairs = [course.classes[at : at + 2] for at in range(0, len(course.classes), 2)]
    days = tuple(_day(number, pair) for number, pair in enumerate(pairs, start=1))
    asked = tuple(_in_days(requirement) for requirement in course.requirements)
    said = {"id": ID, "title": TITLE, "summary": SUMMARY, "requirements": asked, "classes": days}
    return Course.model_construct(**{**kept, **said})


def _in_days(requirement: Requirement) -> Requirement:
    """Two classes with role play are one day with it; the rounds that are asked for stay as many."""
    if requirement.kind != "role-play" or requirement.count is None:
        return requirement
    return requirement.model_copy(update={"count": (requirement.count + 1) // 2, "title": ON_DAYS})


def _day(number: int, pair: tuple[ClassPlan, ...]) -> ClassPlan:
    plays = [plan.role_play for plan in pair if plan.role_play]
    formats = {play.format for play in plays}
    bring = [plan.bring for plan in pair if plan.bring] + ([LUNCH] if len(pair) > 1 else [])
    parts = [part for said, plan in zip((MORNING, AFTERNOON), pair, strict=False) for part in (said, plan.plan)]
    return pair[0].model_copy(
        update={
            "number": number,
            "title": _joined([plan.title for plan in pair], " / "),
            "modules": tuple(dict.fromkeys(module for plan in pair for module in plan.modules)),
            "minutes": sum(plan.minutes for plan in pair),
            "homework": tuple(name for plan in pair for name in plan.homework),
            "bring": _joined(bring, " ") if bring else None,
            "role_play": _played(plays),
            "recoverable": "partly" if any(plan.recoverable == "partly" for plan in pair) else "fully",
            "plan": _joined([*([BY_THE_WATCH] if len(formats) > 1 else []), *parts], "\n\n"),
        }
    )


def _played(plays: list[RolePlay]) -> RolePlay | None:
    """The role play of a day. Where its halves differ in format, the phones have the triad and its cards alone: a card for
    a trainer in role is dealt to nobody."""
    chosen = plays if len({play.format for play in plays}) == 1 else [play for play in plays if play.format == USUAL]
    if not chosen:
        return None
    return RolePlay(
        format=chosen[0].format,
        cards=tuple(dict.fromkeys(card for play in chosen for card in play.cards)),
        trainers_read=any(play.trainers_read for play in chosen),
    )


def _joined(texts: list[Text], between: str) -> Text:
    return Text(between.join(text.en for text in texts), between.join(text.fr for text in texts))
