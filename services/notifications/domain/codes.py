"""Every refusal of this service, in one plain sentence."""

CODES: dict[str, str] = {
    "message-unknown": "This message is not in this inbox any more.",
    "message-about-safety": "A message about somebody's safety is always sent.",
    "message-not-waiting": "The e-mail of this message does not wait any more.",
    "preferences-not-for-you": "Only patients and those whom they trust choose what reaches them by e-mail.",
    "webhook-invalid": "This call of a provider cannot be read.",
    "webhook-not-believed": "This call is not signed by a provider of ours, or it is too old.",
    "reach-way-missing": "At least one way to be reached must stay.",
    "reach-phone-missing": "For text messages we need a phone number.",
    "reach-push-missing": "For notifications we need the name that your phone listens to.",
    "reach-sender-unknown": "The clinic has no such sender name.",
    "preferences-no-hour-left": "These hours would leave no time of day for an e-mail.",
}
