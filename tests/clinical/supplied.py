"""A text as a clinic would supply it for PSEQ. Every word of it is invented: no item of the instrument is here."""

from shared.clinical import Wording


def pseq(language: str) -> Wording:
    """A whole and fitting text."""
    return Wording(
        measure="PSEQ",
        language=language,
        title="Invented title",
        period="Now",
        stem="An invented instruction.",
        items=tuple(f"Invented question {number}" for number in range(1, 11)),
        anchors=(("Invented low end", "Invented high end"),) * 10,
        citation="An invented citation.",
        licence="Shown with an invented permission.",
    )
