"""The shape of a questionnaire as a person reads it."""

from pydantic import BaseModel, ConfigDict

from shared.clinical.credits import CITATIONS, LICENCES

Options = tuple[tuple[int, str], ...]


class FunctionQuestion(BaseModel):
    """PHQ-9's closing question about daily life. It is asked, kept and never summed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    options: Options


class Wording(BaseModel):
    """One measure in one language.

    `title` is for the person answering and carries no clinical name. `period` is the time the answers are about.
    `options` holds value and label, the same for every item; where it is empty the scale runs from the measure's
    lowest to its highest number and `anchors` holds, for each item, the words at its two ends. `language` is the
    language of this text, which a page must declare even when the reader asked for another.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str
    language: str
    title: str
    period: str
    stem: str
    items: tuple[str, ...]
    options: Options = ()
    anchors: tuple[tuple[str, str], ...] = ()
    function_question: FunctionQuestion | None = None

    @property
    def citation(self) -> str:
        """The paper to cite wherever the questionnaire is shown."""
        return CITATIONS[self.measure]

    @property
    def licence(self) -> str:
        """On what terms the text may be shown."""
        return LICENCES[self.measure]
