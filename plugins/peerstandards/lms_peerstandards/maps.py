"""What modules of the four curricula teach, as we read them: course, module, codes. A course that is not installed does no harm.

These are readings of our own, by the aims of each module. Those who teach a course correct them.
"""

from __future__ import annotations

from types import MappingProxyType

from lms_peerstandards.names import Maps, Modules


def _maps(northside: Modules, harbourlight: Modules, rowanstreet: Modules, tidewater: Modules) -> Maps:
    """By the names of their courses; Harbourlight has the same modules in two."""
    return MappingProxyType(
        {
            "core-peer-support": northside,
            "ten-weeks": harbourlight,
            "five-days": harbourlight,
            "paid-pathway": rowanstreet,
            "peer-support-worker": tidewater,
        }
    )


CORE_VALUES = _maps(
    northside={
        "beginning-together": ("equal-relationships",),
        "hope-and-change": ("hope",),
        "role-and-boundaries": ("self-determination", "integrity"),
        "words-that-open-doors": ("equal-relationships",),
        "staying-well": ("wellness",),
        "many-ways-of-living": ("dignity",),
        "finding-the-way": ("self-determination", "dignity"),
        "listening": ("equal-relationships",),
        "sharing-with-purpose": ("integrity",),
    },
    harbourlight={
        "supportive-listening": ("equal-relationships",),
        "communication": ("equal-relationships", "integrity"),
        "solving-problems-together": ("self-determination",),
        "setting-goals": ("hope", "self-determination"),
        "rights": ("dignity", "self-determination"),
        "special-topics": ("dignity",),
        "looking-after-yourself": ("wellness",),
    },
    rowanstreet={
        "starting-together": ("equal-relationships",),
        "saying-and-hearing": ("equal-relationships",),
        "the-first-picture": ("dignity",),
        "choice-and-limits": ("self-determination", "integrity"),
        "steps-that-fit": ("hope", "self-determination"),
        "going-to-work": ("wellness", "learning"),
    },
    tidewater={
        "role-and-responsibilities": ("integrity",),
        "limits": ("integrity", "dignity"),
        "confidentiality": ("integrity",),
        "strengths": ("hope",),
        "communication": ("equal-relationships",),
        "trauma-aware": ("dignity",),
        "talking-about-change": ("self-determination",),
    },
)

COMPETENCIES = _maps(
    northside={
        "beginning-together": ("interpersonal-relations",),
        "hope-and-change": ("hope",),
        "role-and-boundaries": ("critical-thinking", "teamwork"),
        "words-that-open-doors": ("communication",),
        "staying-well": ("self-management", "self-awareness"),
        "many-ways-of-living": ("interpersonal-relations", "self-awareness"),
        "finding-the-way": ("teamwork",),
        "listening": ("interpersonal-relations", "communication"),
        "sharing-with-purpose": ("communication", "self-awareness"),
    },
    harbourlight={
        "supportive-listening": ("interpersonal-relations", "communication"),
        "communication": ("communication",),
        "solving-problems-together": ("critical-thinking",),
        "setting-goals": ("hope",),
        "rights": ("critical-thinking",),
        "special-topics": ("interpersonal-relations",),
        "when-it-gets-very-hard": ("communication", "teamwork"),
        "looking-after-yourself": ("self-management", "self-awareness"),
    },
    rowanstreet={
        "starting-together": ("interpersonal-relations",),
        "saying-and-hearing": ("communication",),
        "the-first-picture": ("critical-thinking", "self-awareness"),
        "choice-and-limits": ("critical-thinking",),
        "steps-that-fit": ("hope",),
        "when-it-gets-loud": ("self-management", "flexibility"),
        "going-to-work": ("self-management", "teamwork", "continuous-learning"),
    },
    tidewater={
        "role-and-responsibilities": ("teamwork",),
        "limits": ("self-awareness",),
        "confidentiality": ("critical-thinking",),
        "strengths": ("hope",),
        "communication": ("interpersonal-relations", "communication"),
        "trauma-aware": ("interpersonal-relations", "self-management"),
        "talking-about-change": ("communication",),
    },
)

PRINCIPLES = _maps(
    northside={
        "beginning-together": ("trust",),
        "hope-and-change": ("each-journey",),
        "role-and-boundaries": ("agreed-boundaries", "role-limits"),
        "words-that-open-doors": ("peer-focused",),
        "staying-well": ("self-care",),
        "many-ways-of-living": ("individual-approach", "different-beliefs"),
        "finding-the-way": ("self-determination", "resources"),
        "listening": ("different-beliefs", "peer-focused"),
        "sharing-with-purpose": ("sharing",),
    },
    harbourlight={
        "supportive-listening": ("peer-focused", "role-limits"),
        "communication": ("trust",),
        "solving-problems-together": ("individual-approach", "self-determination"),
        "setting-goals": ("individual-approach", "self-determination"),
        "rights": ("resources",),
        "special-topics": ("each-journey", "different-beliefs"),
        "when-it-gets-very-hard": ("partners",),
        "looking-after-yourself": ("agreed-boundaries", "self-care"),
    },
    rowanstreet={
        "starting-together": ("trust", "role-limits"),
        "saying-and-hearing": ("peer-focused",),
        "the-first-picture": ("individual-approach", "different-beliefs"),
        "choice-and-limits": ("self-determination", "different-beliefs", "agreed-boundaries"),
        "steps-that-fit": ("individual-approach", "peer-focused"),
        "when-it-gets-loud": ("trust",),
        "going-to-work": ("self-care", "partners"),
    },
    tidewater={
        "role-and-responsibilities": ("role-limits", "partners"),
        "limits": ("agreed-boundaries", "role-limits"),
        "confidentiality": ("trust",),
        "strengths": ("individual-approach",),
        "communication": ("peer-focused", "partners"),
        "trauma-aware": ("individual-approach",),
        "talking-about-change": ("self-determination", "different-beliefs"),
    },
)

KNOWLEDGE = _maps(
    northside={
        "beginning-together": ("fundamentals",),
        "hope-and-change": ("recovery-paradigm",),
        "role-and-boundaries": ("limits",),
        "words-that-open-doors": ("relationships",),
        "staying-well": ("self-care",),
        "many-ways-of-living": ("diversity",),
        "finding-the-way": ("empowerment",),
        "listening": ("relationships",),
        "sharing-with-purpose": ("fundamentals",),
    },
    harbourlight={
        "supportive-listening": ("relationships",),
        "communication": ("relationships",),
        "setting-goals": ("empowerment",),
        "rights": ("empowerment",),
        "special-topics": ("diversity",),
        "looking-after-yourself": ("self-care", "limits"),
    },
    rowanstreet={
        "starting-together": ("fundamentals",),
        "saying-and-hearing": ("relationships",),
        "the-first-picture": ("diversity",),
        "choice-and-limits": ("empowerment", "limits"),
        "steps-that-fit": ("empowerment",),
        "going-to-work": ("self-care",),
    },
    tidewater={
        "role-and-responsibilities": ("fundamentals",),
        "limits": ("limits",),
        "strengths": ("recovery-paradigm",),
        "communication": ("relationships",),
        "talking-about-change": ("empowerment",),
    },
)

BRITISH_COLUMBIA = _maps(
    northside={
        "beginning-together": ("belonging",),
        "hope-and-change": ("wholeness",),
        "role-and-boundaries": ("self-determination",),
        "words-that-open-doors": ("curiosity",),
        "many-ways-of-living": ("respect", "curiosity"),
        "finding-the-way": ("self-determination",),
        "listening": ("acknowledgement",),
        "sharing-with-purpose": ("mutuality",),
    },
    harbourlight={
        "supportive-listening": ("acknowledgement",),
        "communication": ("curiosity",),
        "solving-problems-together": ("self-determination",),
        "setting-goals": ("self-determination",),
        "rights": ("respect",),
        "special-topics": ("respect",),
    },
    rowanstreet={
        "starting-together": ("belonging",),
        "saying-and-hearing": ("acknowledgement",),
        "the-first-picture": ("respect", "curiosity"),
        "choice-and-limits": ("self-determination",),
        "steps-that-fit": ("strength-based",),
    },
    tidewater={
        "limits": ("respect",),
        "strengths": ("strength-based",),
        "communication": ("curiosity",),
        "trauma-aware": ("respect",),
        "talking-about-change": ("self-determination",),
    },
)
