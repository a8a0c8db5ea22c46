"""The aid for the talk, the page about pain and mind, and the first talk: whole in both languages, linked, plain."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.visitor import PageSeen, Visitor
from services.portal import conversation_aid as content
from services.portal.conversation_aid import SECTIONS, ConversationAid, conversation_aid
from services.portal.words import LANGUAGES, Language, words
from shared.contracts.reading_level import is_easy
from tests.portal.running import Running
from tests.portal.story import PSYCHOLOGY, REFERRER, accept, draft, invited, refer, register, visitor
from tests.portal.test_tidy import is_sound
from tests.portal.test_words import FAMILIAR, FORBIDDEN

AID, LEAFLET, ABOUT = "/conversation-aid", "/conversation-aid/leaflet", "/about-pain-and-mind"
BLOCKS = re.compile(r"^(about|talk_first)\.")


def own_words(aid: ConversationAid) -> Iterator[str]:
    """All that the aid says itself; what it quotes is left out."""
    yield from (aid.title, aid.lead, aid.safety, aid.clinical_review, aid.story.title, aid.story.note, *aid.story.text)
    for section in aid.sections:
        yield from (section.heading, *section.text, *section.say, *(one.say for one in section.exchanges))


def spoken(aid: ConversationAid) -> list[str]:
    return [s for one in aid.sections for s in (*one.say, *(exchange.say for exchange in one.exchanges))]


def test_both_files_of_the_aid_are_sound_and_alike() -> None:
    content.check()
    for language in LANGUAGES:
        aid = conversation_aid(language)
        assert tuple(section.id for section in aid.sections) == SECTIONS
        assert sum(len(section.exchanges) for section in aid.sections) >= 5
        assert all(section.avoid for section in aid.sections if section.id != "worries")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(content.FOLDER, tmp_path / "aid"))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("version: 1", "version: 2", "version is 2, in en.yaml 1; make the two files alike"),
        ("      - Esto se suma. No quita nada.\n", "", "say in added-care is"),
        ("  - id: opening", "  - id: beginning", "they must be opening, explaining"),
        ("title: Cómo hablar del dolor", "titel: Cómo hablar del dolor", "es.yaml: .*titel"),
        ("      - Sus pruebas están bien, así", '      - ""\n      - Sus pruebas están bien, así', "avoid.0"),
        ("language: es", "language: en", "write es, or rename the file"),
        ("sections:", "sections: [", "line .* is not valid YAML"),
    ],
)
def test_a_file_that_is_not_sound_stops_the_start(folder: Path, old: str, new: str, told: str) -> None:
    file = folder / "es.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        content.check(folder)


def test_a_section_without_words_to_say_and_a_missing_file_are_told(folder: Path) -> None:
    file = folder / "en.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"    exchanges:\n(      .*\n)+", "", text), encoding="utf-8")
    with pytest.raises(ValueError, match=r"sections\.2: .*offers no words to say"):
        content.check(folder)
    file.unlink()
    with pytest.raises(ValueError, match=r"en\.yaml cannot be read"):
        content.check(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_aid_neither_blames_nor_doubts_and_says_usted(language: Language) -> None:
    said = list(own_words(conversation_aid(language)))
    assert [one for one in said if re.search(FORBIDDEN[language], one, re.IGNORECASE)] == []
    assert language == "en" or [one for one in said if re.search(FAMILIAR, one, re.IGNORECASE)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_aid_is_plain_and_what_is_said_aloud_is_plainer(language: Language) -> None:
    aid = conversation_aid(language)
    assert [text for one in aid.sections for text in one.text if not is_easy(text, language)] == []
    assert [text for text in aid.story.text if not is_easy(text, language)] == []
    aloud = " ".join(spoken(aid))
    assert is_easy(aloud, language, (5, 80))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_for_somebody_who_decides_is_easy(language: Language) -> None:
    texts = {name: text for name, text in words(language).texts.items() if BLOCKS.match(name) and len(text) > 60}
    assert len(texts) > 10
    assert {name: text for name, text in texts.items() if not is_easy(text, language)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [AID, LEAFLET, ABOUT])
def test_pages_to_read_are_sound_in_both_languages(system: Running, path: str, language: Language) -> None:
    page = visitor(system, REFERRER, language).get(path)
    assert page.status == 200
    assert page.language == language
    is_sound(page)


def test_the_aid_shows_all_of_it_and_the_leaflet_what_to_say(system: Running) -> None:
    browser, aid = visitor(system, REFERRER), conversation_aid("en")
    whole, short = flat(browser.get(AID)), flat(browser.get(LEAFLET))
    quoted = [text for section in aid.sections for text in section.avoid]
    assert [text for text in own_words(aid) if text not in whole] == []
    assert [text for text in quoted if text not in whole] == []
    assert [source.citation for source in aid.sources if source.citation not in whole] == []
    assert [text for text in spoken(aid) if text not in short] == []
    assert [text for text in quoted if text in short] == []
    assert aid.safety in short


def test_the_aid_is_linked_where_a_referral_is_written_and_from_home(system: Running) -> None:
    referrer = visitor(system, REFERRER)
    assert AID in referrer.page.links
    assert AID in draft(referrer, register(referrer)).links
    assert {LEAFLET, ABOUT} <= set(referrer.get(AID).links)
    assert AID in referrer.get(LEAFLET).links


def test_the_page_about_pain_and_mind_is_open_to_everybody(system: Running) -> None:
    for language in LANGUAGES:
        page = Visitor(system.addresses["portal"])
        page.client.headers["accept-language"] = language
        seen = page.get(ABOUT)
        assert (seen.status, seen.path, seen.language) == (200, ABOUT, language)
        is_sound(seen)
        [picture] = [found for tag, found in seen.tags if tag == "svg"]
        assert (picture["role"], picture["aria-label"]) == ("img", words(language)("about.picture"))
        assert words(language)("about.picture_text") in seen.text


def test_whoever_decides_finds_the_page_and_whoever_is_new_the_first_talk(system: Running) -> None:
    known, _ = invited(system)
    home = visitor(system, f"patient:{known}")
    assert ABOUT in home.page.links
    assert "Would you like to talk first?" not in home.page.text
    assert ABOUT in home.get("/start/more-time").links
    back = home.get(ABOUT)
    assert "/" in back.links

    referrer = visitor(system, REFERRER)
    new = register(referrer, new_to_mental_health="yes")
    accept(system, visitor(system, PSYCHOLOGY), refer(referrer, new))
    for language, heading in (("en", "Would you like to talk first?"), ("es", "¿Le gustaría hablar primero?")):
        page = visitor(system, f"patient:{new}", language).page
        assert ("h2", heading) in page.headings
        assert system.clinic.phone in page.text
        is_sound(page)


def flat(page: PageSeen) -> str:
    return " ".join(page.text.split())
