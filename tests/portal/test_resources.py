"""The list of resources: kept by psychology, read by patients and by the people around them, through the pages."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from deploy.visitor import PageSeen, Visitor
from services.portal.pages import dial, host, web
from tests.portal.running import Running, running
from tests.portal.story import PSYCHOLOGY, REFERRER, register, visitor
from tests.portal.test_tidy import is_sound

CLINIC = Path("deploy/clinic.yaml")
OWNER, COORDINATOR = "lead-haddad", "psychology:psy-moreno"


def day(system: Running, days: int) -> str:
    return f"{system.clock.now() + timedelta(days=days):%Y-%m-%d}"


def adds(system: Running, psychology: Visitor, title: str, days: int = 200, **more: str) -> str:
    """A new entry; its page."""
    psychology.get("/resources/new")
    said = {"title": title, "text": f"What {title} is.", "ends_on": day(system, days), **more}
    page = psychology.submit("add-resource", **said)
    assert page.query == "done=resource-added", page.text
    found = re.search(rf'href="(/resources/resource-[^"]+)"[^>]*>{title}</a>', page.html)
    assert found, page.html
    # Of an entry whose last day is near its owner hears at once, which is a version of its own.
    system.settle()
    return found[1]


def patient_of(system: Running, language: str = "en") -> Visitor:
    return visitor(system, f"patient:{register(visitor(system, REFERRER))}", language)


def reads(browser: Visitor, path: str = "/resources") -> PageSeen:
    page = browser.get(path)
    assert page.status == 200, page.text
    is_sound(page)
    return page


def test_patients_find_it_from_home_and_help_by_topic_and_in_their_language_first(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    adds(system, psychology, "Zebra walks", topic="moving", link="https://www.zebra.example/walks?a=1&b=2")
    adds(system, psychology, "Caminos Alba", topic="moving", language="es", phone="+44 20 7946 0999")
    adds(system, psychology, "Night owls", topic="sleep", for_whom="patients")
    adds(system, psychology, "Heron hours", topic="sleep", for_whom="caregivers")
    for language, first, second, other in (
        ("en", "Zebra walks", "Caminos Alba", "This is in Spanish."),
        ("es", "Caminos Alba", "Zebra walks", "Está en inglés."),
    ):
        browser = patient_of(system, language)
        assert "/resources" in browser.page.links
        assert "/resources" in browser.get("/help").links
        page = reads(browser)
        assert page.text.index(first) < page.text.index(second) < page.text.index("Night owls")
        assert other in page.text
        assert "Heron hours" not in page.text
        assert {"https://www.zebra.example/walks?a=1&b=2", "tel:+442079460999", "#moving", "#sleep"} <= set(page.links)
        assert "zebra.example" in page.text
        assert "psy-tanaka" not in page.html
        marked = {found.get("lang") for tag, found in page.tags if tag == "h3"}
        assert marked == {None, "es" if language == "en" else "en"}
    assert "/resources" not in Visitor(system.addresses["portal"]).get("/help").links


def test_caregivers_read_what_is_for_them_and_find_it_from_their_own_pages(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    adds(system, psychology, "Otter talks", topic="looking_after_yourself", for_whom="caregivers")
    adds(system, psychology, "Badger walks", for_whom="patients")
    register(visitor(system, REFERRER), caregiver_name="Luis Otero", caregiver_email="luis.otero@people.example")
    system.settle()
    guest = Visitor(system.addresses["portal"])
    guest.get("/sign-in")
    who = next(
        form.values["person"][0]
        for form in guest.page.forms
        if form.name == "sign-in" and form.values["person"][0].startswith("caregiver:")
    )
    luis = visitor(system, who)
    for path in ("/for-you", "/help"):
        assert "/resources" in luis.get(path).links
    page = reads(luis)
    assert "Otter talks" in page.text
    assert "Badger walks" not in page.text
    assert "Badger walks" not in reads(luis, "/resources?for=patients").text


def test_the_clinics_people_see_what_each_reads_and_only_psychology_edits(system: Running) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    page = adds(system, psychology, "Heron help", for_whom="caregivers")
    referrer = visitor(system, REFERRER)
    assert "/resources" in referrer.page.links
    assert "Heron help" not in reads(referrer).text
    assert "Heron help" in reads(referrer, "/resources?for=caregivers").text
    assert "/resources/edit" not in referrer.page.links
    assert "/resources/edit" in reads(psychology).links
    for browser in (referrer, patient_of(system)):
        for path in ("/resources/edit", "/resources/new", page):
            assert browser.get(path).status == 404


def test_what_ends_first_stands_first_and_the_entry_is_renewed_changed_and_taken_off(system: Running) -> None:
    psychology, patient = visitor(system, PSYCHOLOGY), patient_of(system)
    adds(system, psychology, "Late lark", days=300)
    entry = adds(system, psychology, "Early lark", days=3)
    listed = psychology.page
    assert listed.text.index("Early lark") < listed.text.index("Late lark")
    near = listed.text[listed.text.index("Early lark") :][:40]
    assert "Ends soon" in near
    is_sound(listed)

    is_sound(psychology.get(entry))
    page = psychology.submit("renew-resource", ends_on=day(system, -1))
    assert page.status == 422
    assert "Please choose a day that is not over yet" in page.text
    assert "#renew-resource-ends_on" in page.links
    is_sound(page)
    page = psychology.submit("renew-resource", ends_on=day(system, 400))
    assert page.query == "done=resource-renew"
    assert page.text.index("Late lark") < page.text.index("Early lark")

    psychology.get(entry)
    page = psychology.submit("change-resource", title="Early bird", link="http://bird.example:8080/")
    assert page.query == "done=resource-change"
    assert "Early bird" in reads(patient).text
    assert "http://bird.example:8080/" in patient.page.links

    psychology.get(entry)
    page = psychology.submit("retire-resource")
    assert page.query == "done=resource-retire"
    assert "Early bird" not in page.text
    assert "Early bird" not in reads(patient).text
    assert not psychology.get(entry).has_form("change-resource")
    assert "Taken off the list" in psychology.page.text


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("title", "", "Please write a title"),
        ("text", "x" * 401, "at most 400 letters"),
        ("link", "javascript:alert(1)", "It begins with https://"),
        ("link", "www.walks.example", "It begins with https://"),
        ("phone", "call us", "only digits and spaces"),
        ("ends_on", "", "Please choose a last day"),
        ("ends_on", "2020-01-01", "a day that is not over yet"),
        ("text", "Help for every poor victim.", "does not want the word “victim” here"),
    ],
)
def test_a_fault_is_said_beside_its_field_and_what_was_typed_is_kept(
    system: Running, field: str, wrong: str, said: str
) -> None:
    psychology = visitor(system, PSYCHOLOGY)
    psychology.get("/resources/new")
    good = {"title": "Wren", "text": "A bird.", "ends_on": day(system, 9), "topic": "sleep"}
    page = psychology.submit("add-resource", **{**good, field: wrong})
    assert page.status in (409, 422)
    assert page.title.startswith("Error:")
    assert said in page.text
    assert f"#add-resource-{field}" in page.links
    assert f'id="add-resource-{field}-wrong"' in page.html
    assert page.form("add-resource").values["topic"] == ["sleep"]
    assert page.form("add-resource").values[field] == [wrong]
    is_sound(page)


def test_who_looked_at_an_old_version_sees_the_new_one_first_and_keeps_what_they_wrote(system: Running) -> None:
    one, other = visitor(system, PSYCHOLOGY), visitor(system, COORDINATOR)
    entry = adds(system, one, "Robin")
    one.get(entry)
    other.get(entry)
    one.submit("change-resource", text="Somebody else wrote this.")
    page = other.submit("change-resource", title="Robin again")
    assert page.status == 412
    assert "Somebody changed this meanwhile" in page.text
    assert page.form("change-resource").values["title"] == ["Robin again"]
    assert other.submit("change-resource").query == "done=resource-change"


def test_what_is_over_is_gone_for_readers_and_its_owner_finds_the_way_to_it(tmp_path: Path) -> None:
    with running(tmp_path) as system:
        psychology, patient = visitor(system, PSYCHOLOGY), patient_of(system)
        entry = adds(system, psychology, "Swift", days=20, owner_id="psy-tanaka")
        assert "Swift" in reads(patient).text
        for days, heading in ((7, "Is this still right?"), (21, "This is not shown any more")):
            system.clock.offset = timedelta(days=days)
            system.settle()
            owner, bystander = visitor(system, PSYCHOLOGY), visitor(system, COORDINATOR)
            assert heading in owner.get("/inbox").text
            assert "Swift" in owner.page.text
            assert entry in owner.page.links
            assert "Swift" not in bystander.get("/inbox").text
        patient = visitor(system, REFERRER)
        assert "Swift" not in reads(patient).text
        assert "Nobody sees it now" in owner.get(entry).text
        owner.submit("renew-resource", ends_on=day(system, 100))
        assert "Swift" in reads(patient).text


def test_where_the_owner_has_left_the_coordinators_hear_and_no_save_gives_it_to_the_first_by_accident(
    tmp_path: Path,
) -> None:
    with running(tmp_path / "data") as system:
        entry = adds(system, visitor(system, PSYCHOLOGY), "Plover", days=20, owner_id=OWNER)
    with running(tmp_path / "data", _without_owner(tmp_path)) as system:
        system.clock.offset = timedelta(days=7)
        system.settle()
        coordinator = visitor(system, COORDINATOR, "es")
        assert "Nadie se ocupa de esta entrada" in coordinator.get("/inbox").text
        assert entry in coordinator.page.links
        assert "Nadie se ocupa" in coordinator.get("/resources/edit").text
        page = coordinator.get(entry)
        is_sound(page)
        assert page.form("change-resource").values["owner_id"] == [OWNER]
        assert coordinator.submit("change-resource", text="Otro texto.").query == "done=resource-change"
        assert coordinator.get(entry).form("change-resource").values["owner_id"] == [OWNER]
        assert coordinator.submit("change-resource", owner_id="psy-moreno").query == "done=resource-change"
        system.settle()
        assert "¿Sigue siendo correcto?" in coordinator.get("/inbox").text


def _without_owner(folder: Path) -> Path:
    """The same clinic, after somebody has left."""
    clinic = yaml.safe_load(CLINIC.read_text(encoding="utf-8"))
    clinic["staff"] = [one for one in clinic["staff"] if one["id"] != OWNER]
    clinic["risk_ladder"].remove(OWNER)
    for row in clinic["on_call"]["rota"]:
        row["ladder"] = [one for one in row["ladder"] if one != OWNER]
    clinic["triage_rules"] = str((CLINIC.parent / clinic["triage_rules"]).resolve())
    path = folder / "clinic.yaml"
    path.write_text(yaml.safe_dump(clinic, allow_unicode=True), encoding="utf-8")
    return path


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "//other.example", "/sign-out", "", None])
def test_nothing_but_the_web_gets_into_a_link(link: str | None) -> None:
    assert web(link) is None


def test_a_link_names_its_host_and_a_number_is_as_a_telephone_dials_it() -> None:
    assert web("https://www.zebra.example/walks") == "https://www.zebra.example/walks"
    assert host("https://www.zebra.example:8080/walks") == "zebra.example"
    assert dial("+44 20-7946 0999") == "+442079460999"
    assert dial("999\" onclick='x") == "999"
