"""Words in what a patient types that are a reason for a clinician to look: no diagnosis. No match is no all-clear."""

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from shared.contracts.unwanted import Phrase, hits


class RiskWords(BaseModel):
    """Words and phrases by language; the list is the clinic's, and a clinical lead must approve it. Whole words count,
    in any case, with or without accents: list each form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    en: tuple[Phrase, ...] = ()
    es: tuple[Phrase, ...] = ()

    def found_in(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The words of both lists that stand in any of the texts, each once. People write in the language they like."""
        every = (*self.en, *self.es)
        return tuple(dict.fromkeys(hit.word for text in texts for hit in hits(text, every)))
