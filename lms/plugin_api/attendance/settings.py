"""What the usual options of attendance rules are called, wherever somebody fills them in: in `Annotated`, beside the type."""

from __future__ import annotations

from lms.plugin_api.settings import Setting
from lms.plugin_api.values import Text

MAX_MISSED = Setting(Text("How many classes may be missed", "Combien de séances peuvent être manquées"))
NEVER_MISS = Setting(
    Text("Modules that may not be missed", "Modules à ne pas manquer"),
    Text(
        "For each outcome, tick those that it cannot do without.",
        "Pour chaque résultat, cochez ceux qui sont indispensables.",
    ),
)
MODULE_RULE = Setting(
    Text("Where such a module takes several classes", "Quand un tel module prend plusieurs séances"),
    choices={
        "any_class": Text("One of them is enough", "Une seule suffit"),
        "every_class": Text("None may be missed", "Aucune ne doit être manquée"),
    },
)
MAKEUP_CLEARS = Setting(
    Text("A class that was made up no longer counts as missed", "Une séance reprise ne compte plus comme manquée")
)
MAKE_UPS = Setting(
    Text("Catching up a missed class", "Reprendre une séance manquée"),
    choices={
        "none": Text("There is no way to catch up", "Il n'y a pas de reprise"),
        "listed": Text("The ways ticked below are offered", "Les façons cochées ci-dessous sont offertes"),
    },
)
WAYS_OFFERED = Setting(
    Text("Ways to catch up", "Façons de reprendre la séance"),
    choices={
        "class": Text("A class of another group", "Une séance d'un autre groupe"),
        "one-to-one": Text("A meeting with a trainer", "Une rencontre avec l'équipe de formation"),
        "recording": Text("The recording", "L'enregistrement"),
        "practice": Text("A written practice", "Une pratique écrite"),
    },
)
EXCUSED = Setting(
    Text("An absence that was told before the class", "Une absence annoncée avant la séance"),
    choices={
        "counts": Text("Counts as any other", "Compte comme les autres"),
        "left_out": Text("Is left out", "N'est pas comptée"),
    },
)
LATE_AFTER = Setting(
    Text(
        "Minutes late from which a class counts as missed",
        "Minutes de retard à partir desquelles une séance est manquée",
    ),
    Text("Left empty, being late is being there.", "Laissé vide, arriver en retard, c'est être là."),
)
MIN_SHARE_OF_CLASS = Setting(
    Text("Share of a class that one must be there, from 0 to 1", "Part de la séance où il faut être là, de 0 à 1"),
    Text(
        "0.75 is three quarters. It is looked at only where minutes were noted.",
        "0.75, c'est les trois quarts. Regardé seulement là où des minutes ont été notées.",
    ),
)
MIN_SHARE = Setting(
    Text("Share of the classes that is needed, from 0 to 1", "Part des séances qui est demandée, de 0 à 1"),
    Text("0.8 is four classes out of five.", "0.8, c'est quatre séances sur cinq."),
)
MIN_SHARE_OF_TIME = Setting(
    Text(
        "Share of the planned minutes that is needed, from 0 to 1",
        "Part des minutes prévues qui est demandée, de 0 à 1",
    ),
    Text("Fill in this or the minutes, not both.", "Remplissez ceci ou les minutes, pas les deux."),
)
MIN_MINUTES = Setting(Text("Minutes that are needed", "Minutes demandées"))
MAX_MISSED_OF = Setting(
    Text("Most classes that may be missed of a module", "Nombre maximal de séances manquées par module"),
    Text("Left empty, the module has no limit of its own.", "Laissé vide, le module n'a pas sa propre limite."),
)
PER_ABSENCE = Setting(Text("Points that a missed class takes", "Points retirés par séance manquée"))
PER_LATE = Setting(Text("Points that a late arrival takes", "Points retirés par retard"))
MIN_POINTS = Setting(Text("Points of 100 that must be left", "Points sur 100 qui doivent rester"))
BEFORE_JOINING = Setting(
    Text("Classes before somebody joined", "Séances avant l'arrivée de la personne"),
    choices={
        "does_not_count": Text("Do not count", "Ne comptent pas"),
        "counts": Text("Count as missed", "Comptent comme manquées"),
    },
)
