"""Every refusal of this service, in one plain sentence."""

CODES: dict[str, str] = {
    "message-unknown": "This message is not in this inbox any more.",
}
