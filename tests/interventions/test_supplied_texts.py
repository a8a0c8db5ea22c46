"""A programme may ask what belongs to somebody else only with leave for what the clinic does, and in supplied words."""

import re

import pytest

from services.interventions.catalogue import Catalogue, CatalogueFault
from services.interventions.content import Content
from services.interventions.views.measures import form_page, progress
from services.interventions.views.next_step import next_step
from shared.contracts import interventions as said
from shared.contracts.clinic import Clinic
from shared.contracts.clinic_measures import Context, MeasureSettings, Permission, SuppliedTexts
from shared.runtime.core import Found
from tests.clinical.supplied import pseq
from tests.given import given
from tests.interventions import example as ex
from tests.interventions.service import CONTENT

PROGRAMME = CONTENT.catalogue.programme("cbt-pain")


def entitled(context: Context) -> Clinic:
    """A clinic of that context, with leave to show PSEQ to patients."""
    texts = SuppliedTexts(wordings=(pseq("en"), pseq("es").model_copy(update={"title": "Título inventado"})))
    leave = Permission(granted_by="The author", reference="letter 1", covers=("clinical",), texts=texts)
    measures = MeasureSettings(context=context, permissions={"PSEQ": leave})
    return ex.CLINIC.model_copy(update={"measures": measures})


def asking(*names: str) -> Catalogue:
    """The shipped catalogue, with those measures at the start of its programme."""
    measures = PROGRAMME.measures.model_copy(update={"start": names})
    return CONTENT.catalogue.model_copy(update={"programmes": (PROGRAMME.model_copy(update={"measures": measures}),)})


def test_with_leave_a_programme_may_ask_it() -> None:
    content = Content(entitled("clinical"), asking("PSEQ"))

    assert content.plans.plans[0].measures["start"] == ("PSEQ",)


def test_leave_for_another_use_stops_the_start_and_says_what_to_do() -> None:
    told = (
        "1 fault in the catalogue of programmes:\n"
        "  programmes/cbt-pain/v1/programme.yaml (measures, PSEQ): the permission for PSEQ from The author covers "
        "clinical, and the context of this clinic is commercial. "
        "Ask for a permission that covers commercial, or take PSEQ out."
    )
    with pytest.raises(CatalogueFault, match=f"^{re.escape(told)}$"):
        Content(entitled("commercial"), asking("PSEQ"))


def test_every_questionnaire_that_cannot_be_asked_is_told_once() -> None:
    with pytest.raises(CatalogueFault) as refused:
        Content(ex.CLINIC, asking("PSEQ", "PCS", "PEG", "PSEQ"))

    assert [fault.place for fault in refused.value.faults] == ["measures, PSEQ", "measures, PCS"]
    assert all("under measures in the clinic's file" in fault.remedy for fault in refused.value.faults)


@pytest.mark.parametrize(("language", "title"), [("en", "Invented title"), ("es", "Título inventado")])
def test_pages_show_the_words_that_the_clinic_supplies(language: str, title: str) -> None:
    clinic = entitled("clinical")
    opened = ex.of_series(said.MeasuresOpened, occasion="start", measures=("PSEQ",))
    found = Found("s1", 1, given(ex.SERIES, opened).state)
    page = form_page(clinic, found, "start", "PSEQ", language)

    assert (page.questions.title, page.questions.language, page.lowest, page.highest) == (title, language, 0, 6)
    assert page.questions.licence == "Shown with an invented permission."
    assert [form.title for form in progress(clinic, found, language).forms] == [title]
    episode = given(ex.EPISODE, *ex.STARTED).state
    theirs = episode.model_copy(update={"programme_id": PROGRAMME.id, "programme_version": PROGRAMME.version})
    content = Content(clinic, Catalogue(programmes=(PROGRAMME,)))
    assert next_step(content, theirs, found.state, language).title == title
