"""By which ways people are reached, what comes back from there, and in whose words."""

from tests.simulation.planted.fault import Planted

_WAYS = "services.notifications.domain.ways"
_REACHING = "services.notifications.domain.reaching"
_REROUTING = "services.notifications.domain.rerouting"
_CALLING = "services.notifications.domain.calling"
_CHOOSING = "services.notifications.domain.choosing"
_WORDINGS = "services.notifications.api_wordings"
_SIGNED = "services.notifications.channels.webhooks"

FAULTS = (
    Planted(
        "stop-forgotten",
        "",
        _REACHING,
        'if c.word == "stop" and c.channel not in state.stopped:',
        "if False:",
        "somebody answers STOP, and nothing comes of it",
    ),
    Planted(
        "stop-not-heeded",
        "",
        _WAYS,
        "if channel in state.stopped and message.template != SIGN_IN:",
        "if False:",
        "somebody answered STOP, and text messages go on",
    ),
    Planted(
        "first-number-kept",
        "",
        "services.notifications.domain.evolve",
        '{name: getattr(event, name) for name in names} | {"stopped"',
        '{name: getattr(event, name) for name in names} | {"phone": state.phone or event.phone} | {"stopped"',
        "text messages go to a number that is not theirs any more",
    ),
    Planted(
        "way-not-chosen",
        "",
        _WAYS,
        "return state.channels or EMAIL_ALONE",
        'return ("sms", *state.channels) if state.channels else EMAIL_ALONE',
        "text messages go to whoever gave a number and did not choose them",
    ),
    Planted(
        "unconfirmed-number-used",
        "",
        _WAYS,
        "if channel in state.unconfirmed and message.by != channel:",
        "if False:",
        "whoever has a number that somebody wrote down wrongly gets their messages",
    ),
    Planted(
        "unwanted-way-used",
        "",
        _WAYS,
        "if not message.critical and category is not None and channel in state.without.get(category, ()):",
        "if category is None and message.critical and channel in state.without:",
        "a kind of message goes by a way that the person does not want for it",
        unseen="Few leave a way out for a kind and are told just that before they choose again.",
        test="tests/notifications/test_reach.py::test_a_message_goes_by_the_first_way_that_is_chosen_and_works",
    ),
    Planted(
        "perhaps-arrived-goes-another-way",
        "",
        _REROUTING,
        "if failed.retry_at is not None or (failed.possibly_sent and not message.critical):",
        "if failed.retry_at is not None:",
        "an ordinary message that perhaps arrived arrives by another way too",
    ),
    Planted(
        "same-way-again",
        "",
        "services.notifications.domain.evolve_message",
        '"tried": (*message.tried, event.before)',
        '"tried": message.tried',
        "what failed goes by the same way again as if it were another",
    ),
    Planted(
        "unread-never-noticed",
        "",
        _REROUTING,
        '_MATTERS = ("at_once", "hard")',
        "_MATTERS: tuple[str, ...] = ()",
        "an invitation lies unread, and nothing follows",
    ),
    Planted(
        "left-unread-not-told",
        "",
        "services.notifications.policy_reach",
        'MessageLeftUnread: (Rule("triage_team", "message_unread", t.LEFT_UNREAD, ("sent_at", "recipient_id")),)',
        "MessageLeftUnread: ()",
        "an invitation lies unread, and psychology does not hear of it",
    ),
    Planted(
        "failed-call-not-told",
        "",
        _CALLING,
        "return isinstance(event, MessageReturned) or (isinstance(event, MessageFailed) and event.retry_at is None)",
        "return False",
        "a call for help fails, and nobody else is called",
        unseen="A call goes another way first, and seldom do all of them fail.",
        test="tests/notifications/test_calls.py",
    ),
    Planted(
        "unsubscribed-and-still-sent",
        "",
        _CHOOSING,
        "return category in state.inbox_only or all(",
        "return all(",
        "somebody wants no more of a kind, and it goes on",
    ),
    Planted(
        "kept-kind-tried-again",
        "",
        "services.notifications.domain.sending",
        "if choosing.stays_in_the_inbox(state, message):",
        "if False:",
        "what somebody keeps to the inbox while it is being sent is tried again",
        unseen="Somebody would have to choose in the seconds in which a message of just that kind fails.",
        test="tests/notifications/test_reach.py"
        "::test_a_kind_that_is_kept_to_the_inbox_while_it_is_sent_is_not_tried_again",
    ),
    Planted(
        "reworded-after-it-went",
        "",
        "services.notifications.domain.rewording",
        "for id, one in waiting(state).items() if one.template == template",
        "for id, one in state.messages.items() if one.template == template",
        "what went out shows other words afterwards",
    ),
    Planted(
        "reworded-although-kept",
        "",
        _WORDINGS,
        "    ) -> Response:\n        id = self._id(caller, template, language)\n        waiting",
        "    ) -> Response:\n        choice = Choice(reword=True)\n        id = self._id(caller, template, language)\n"
        "        waiting",
        "what waits is reworded, though it was to keep its words",
    ),
    Planted(
        "version-not-shown",
        "",
        "services.notifications.sender",
        "one.wording.get(reader.language, SHIPPED))\n            for",
        "SHIPPED)\n            for",
        "a message goes out in the shipped words, though it names the clinic's own",
    ),
    Planted(
        "words-never-learned",
        "",
        "services.notifications.published",
        "    if not unknown:\n",
        "    if True:\n",
        "what another process published goes out in the shipped words",
    ),
    Planted(
        "reminders-in-shipped-words",
        "",
        "services.notifications.published",
        '"remind": worded(command.remind)',
        '"remind": command.remind',
        "a reminder is not told in the clinic's own words",
    ),
    Planted(
        "signature-not-checked",
        "",
        _SIGNED,
        "if not any(hmac.compare_digest(one, mine) for one in given for mine in right):",
        "if not right:",
        "whoever reaches the address may say STOP for others",
    ),
    Planted(
        "overheard-call-believed",
        "",
        _SIGNED,
        "if abs(now.timestamp() - int(sent)) > tolerance.total_seconds():",
        "if int(sent) < 0:",
        "what was overheard may be said again hours later",
    ),
)
