"""What seats, topics and skills are called on screens."""

from __future__ import annotations

from lms.host.i18n import lazy_gettext

SEATS = {
    "supporter": lazy_gettext("supporter"),
    "person": lazy_gettext("person"),
    "observer": lazy_gettext("observer"),
}
TOPICS = {
    "loneliness": lazy_gettext("loneliness"),
    "grief": lazy_gettext("grief"),
    "hospital": lazy_gettext("a hospital stay"),
    "housing": lazy_gettext("housing"),
    "money": lazy_gettext("money"),
    "conflict": lazy_gettext("conflict"),
    "medication": lazy_gettext("medication"),
    "family": lazy_gettext("family"),
    "substance-use": lazy_gettext("substance use"),
    "discrimination": lazy_gettext("discrimination"),
    "work": lazy_gettext("work"),
    "suicide": lazy_gettext("suicide"),
}
SKILLS = {
    "listening": lazy_gettext("listening"),
    "open-questions": lazy_gettext("open questions"),
    "boundaries": lazy_gettext("boundaries"),
    "self-determination": lazy_gettext("self-determination"),
    "sharing": lazy_gettext("sharing one's own story"),
    "respect": lazy_gettext("respect"),
    "staying-well": lazy_gettext("staying well"),
    "resources": lazy_gettext("finding resources"),
    "endings": lazy_gettext("ending well"),
}
FITS = {
    "opens": lazy_gettext("Opens the door"),
    "early": lazy_gettext("A bit early"),
    "closes": lazy_gettext("Closes the door"),
}
