"""At toy size: a storm drains whole, once, and in order of urgency; and e-mails go out beside a dead provider."""

from pathlib import Path

from tests.bench.storm import emails, storm


def test_a_toy_storm_drains_once_and_what_is_critical_first(tmp_path: Path) -> None:
    found = storm(tmp_path, 120)
    assert (found["messages"], found["twice"], found["ordinary_before_the_last_critical"]) == (120, 0, 0)
    assert found["critical"] > 0
    assert found["per_second"] > 0


def test_e_mails_go_out_beside_a_provider_of_text_messages_that_hangs(tmp_path: Path) -> None:
    found = emails(tmp_path, 60, ("email", "sms"), "hangs")
    assert (found["messages"], found["twice"]) == (60, 0)
