"""The catalogue for whoever treats by it: what is on offer, in which order, and the words that people read."""

from pydantic import BaseModel

from services.interventions.catalogue import CarerCourse, Catalogue, Module, Place, Programme, served_language
from services.interventions.views.reading import in_one_language
from shared.contracts.clinic_measures import MeasureSettings
from shared.contracts.referrals import Language


class CatalogueRow(BaseModel):
    """One version of a programme. New treatments begin with the `newest`."""

    id: str
    version: int
    newest: bool
    title: str
    summary: str
    step: int
    modules: int


class CarerPartRow(BaseModel):
    """One part of the course for those whom patients trust, with all its pages."""

    id: str
    title: str
    minutes: int
    young: bool
    pages: list[dict[str, object]]


class CatalogueView(BaseModel):
    """All that is on offer. `measures` are the questionnaires that any of the programmes asks."""

    language: Language
    programmes: list[CatalogueRow]
    course_version: int
    course: list[CarerPartRow]
    measures: list[str]


class PlaceRow(BaseModel):
    """A module's place. It opens so many days after the one before it has ended, or after the start; `after` names
    those that must have ended, where that is not simply all before it.
    """

    number: int
    title: str
    aim: str
    minutes: int
    gap_days: int
    not_before_days: int
    after: tuple[str, ...] | None


class Asked(BaseModel):
    """Questionnaires at one occasion. `after` is the module after which they come, `months` those after the end."""

    occasion: str
    measures: tuple[str, ...]
    after: str | None = None
    months: tuple[int, ...] = ()


class SourceRow(BaseModel):
    """Where a fact about the structure comes from, in English."""

    used_for: str
    citation: str


class ProgrammeView(CatalogueRow):
    """One version whole, but for the words of its modules. `licence` and `clinical_review` are in English."""

    language: Language
    order: list[PlaceRow]
    asked: list[Asked]
    sources: list[SourceRow]
    licence: str
    clinical_review: str


class ModuleView(BaseModel):
    """One module as a patient reads it, and the worksheets of its activities by activity."""

    programme_title: str
    number: int
    total: int
    minutes: int
    language: Language
    content: dict[str, object]
    worksheets: dict[str, dict[str, object]]


def overview(catalogue: Catalogue, measures: MeasureSettings, language: str) -> CatalogueView:
    """Everything there is, the lighter programmes first, of each the newest version first."""
    ordered = sorted(catalogue.programmes, key=lambda one: (one.step, one.id, -one.version))
    course = catalogue.carer_course
    asked = {name for one in catalogue.programmes for name in one.measures.all if measures.refusal(name) is None}
    return CatalogueView(
        language=served_language(language),
        programmes=[_row(catalogue, one, language) for one in ordered],
        course_version=course.version,
        course=_course(course, language),
        measures=sorted(asked),
    )


def programme_view(catalogue: Catalogue, programme: Programme, language: str) -> ProgrammeView:
    """One version of a programme."""
    return ProgrammeView(
        **_row(catalogue, programme, language).model_dump(),
        language=served_language(language),
        order=[_place(programme, place, language) for place in programme.order],
        asked=_asked(programme, language),
        sources=[SourceRow(used_for=one.used_for, citation=one.citation) for one in programme.sources],
        licence=programme.licence,
        clinical_review=programme.clinical_review,
    )


def module_view(catalogue: Catalogue, programme: Programme, module: Module, language: str) -> ModuleView:
    """One module of it."""
    used = {one.id: one.worksheet for one in module.activities if one.worksheet}
    return ModuleView(
        programme_title=programme.title.in_(language),
        number=programme.position(module.id),
        total=len(programme.order),
        minutes=module.minutes,
        language=served_language(language),
        content=in_one_language(module, language),
        worksheets={
            id: in_one_language(catalogue.worksheet(sheet.id, sheet.version), language) for id, sheet in used.items()
        },
    )


def _row(catalogue: Catalogue, programme: Programme, language: str) -> CatalogueRow:
    return CatalogueRow(
        id=programme.id,
        version=programme.version,
        newest=catalogue.programme(programme.id).version == programme.version,
        title=programme.title.in_(language),
        summary=programme.summary.in_(language),
        step=programme.step,
        modules=len(programme.order),
    )


def _course(course: CarerCourse, language: str) -> list[CarerPartRow]:
    return [
        CarerPartRow(
            id=part.id,
            title=part.title.in_(language),
            minutes=part.minutes,
            young=part.young,
            pages=[in_one_language(page, language) for page in part.pages],
        )
        for part in course.parts
    ]


def _place(programme: Programme, place: Place, language: str) -> PlaceRow:
    module = programme.module(place.id)
    after = place.after
    return PlaceRow(
        number=programme.position(place.id),
        title=module.title.in_(language),
        aim=module.aim.in_(language),
        minutes=module.minutes,
        gap_days=place.min_days_after_previous,
        not_before_days=place.min_days_after_start,
        after=None if after is None else tuple(programme.module(id).title.in_(language) for id in after),
    )


def _asked(programme: Programme, language: str) -> list[Asked]:
    plan = programme.measures

    def after(id: str | None) -> str | None:
        return programme.module(id).title.in_(language) if id else None

    found = [
        Asked(occasion="start", measures=plan.start),
        Asked(occasion="each_module", measures=plan.each_module),
        Asked(occasion="review", measures=plan.review, after=after(plan.review_after)),
        Asked(occasion="middle", measures=plan.middle, after=after(plan.middle_after)),
        Asked(occasion="end", measures=plan.end),
        Asked(occasion="follow_up", measures=plan.follow_up, months=plan.follow_up_months),
    ]
    return [one for one in found if one.measures]
