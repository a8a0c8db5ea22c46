"""Which questionnaires a clinic may show, and what it sets about them. Read once at start, with the clinic's file."""

from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.clinical import MEASURES, Measure, NoWording, Wording, measure
from shared.clinical.t_scores import ConversionTable
from shared.clinical.texts import WORDINGS

Context = Literal["clinical", "commercial", "research", "educational"]
Said = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A part of the clinic's configuration: a key that is not known is a fault, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SuppliedTexts(Part):
    """What the files of one measure hold. The clinic's file names their folder here, counted from itself."""

    wordings: tuple[Wording, ...]
    conversion: ConversionTable | None = None


class Permission(Part):
    """The leave to use a measure: who gave it, where that can be looked up, and for which uses it holds.

    Whether it truly holds is for the clinic to know; this only keeps a questionnaire from being shown without one.
    """

    granted_by: Said
    reference: Said
    covers: tuple[Context, ...] = Field(min_length=1)
    texts: SuppliedTexts


class Refusal(NamedTuple):
    """Why a measure cannot be asked, and what to do about it."""

    problem: str
    remedy: str


class MeasureSettings(Part):
    """`context` is what the clinic uses questionnaires for; it must be declared before a permission can cover it.

    `phq_2_positive_from` is what opens PHQ-9: 3, or 2, which PMC2906530 prefers. `least_slope` is, for each measure,
    how many published points in four weeks count as a trend: no figure was found, the clinical lead must set them.
    """

    context: Context | None = None
    permissions: dict[str, Permission] = Field(default_factory=dict)
    phq_2_positive_from: Literal[2, 3] = 3
    least_slope: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _measures_are_known(self) -> "MeasureSettings":
        for key, named in (("permissions", self.permissions), ("least_slope", self.least_slope)):
            unknown = [name for name in named if name not in MEASURES]
            if unknown:
                known = ", ".join(MEASURES)
                raise ValueError(f"{key} names {', '.join(unknown)}, which is no measure; write one of {known}")
        if self.permissions and self.context is None:
            raise ValueError("permissions need a context; write context: clinical, commercial, research or educational")
        return self

    def refusal(self, measure_id: str) -> Refusal | None:
        """Why this clinic cannot ask that measure, and what to do; None if it can."""
        if measure_id not in MEASURES:
            return Refusal(f"no measure is called {measure_id!r}", f"Write one of {', '.join(MEASURES)}")
        form = measure(measure_id)
        permission = self.permissions.get(form.id)
        if form.text_may_ship or self._covered(form) is not None:
            return None
        if permission is None:
            return Refusal(
                f"the text of {form.id} does not come with Carepath ({form.licence.rstrip('.')})",
                f"Where you are entitled to it, write the permission and the folder of its texts under measures in the "
                f"clinic's file; or take {form.id} out",
            )
        return Refusal(
            f"the permission for {form.id} from {permission.granted_by} covers {', '.join(permission.covers)}, and the "
            f"context of this clinic is {self.context}",
            f"Ask for a permission that covers {self.context}, or take {form.id} out",
        )

    def wording(self, measure_id: str, language: str) -> Wording:
        """The text in `language`, or wholly in English where there is none: what the clinic supplies comes first.

        Raises `NoWording` for a measure that this clinic cannot ask.
        """
        if refusal := self.refusal(measure_id):
            raise NoWording(f"{refusal.problem}. {refusal.remedy}")
        permission = self._covered(measure(measure_id))
        supplied = {text.language: text for text in permission.texts.wordings} if permission else {}
        for one in (language, "en"):
            if found := supplied.get(one) or WORDINGS.get(one, {}).get(measure_id):
                return found
        raise NoWording(f"{measure_id} has no English text, which is shown where there is no other. Supply it")

    def conversion(self, measure_id: str) -> ConversionTable | None:
        """The table of T-scores that this clinic may use. Raises `UnknownMeasure`."""
        permission = self._covered(measure(measure_id))
        return permission.texts.conversion if permission else None

    def _covered(self, form: Measure) -> Permission | None:
        permission = self.permissions.get(form.id)
        return permission if permission and self.context in permission.covers else None
