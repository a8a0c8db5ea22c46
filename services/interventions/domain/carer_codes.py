"""Every refusal about caregivers for themselves, in one plain sentence."""

CARER_CODES: dict[str, str] = {
    "course-not-open": "This is open to those who take part. Please say yes to the invitation first.",
    "course-page-unknown": "The course has no such page.",
    "person-unknown": "Please choose one of the people who named you.",
    "safe-missing": "Please answer whether you feel safe and able to go on.",
    "support-answered": "This request was answered already.",
    "support-closed": "This request is closed.",
    "support-not-answered": "Please answer this request before you close it.",
    "support-not-taken": "Please say first that you look after this request.",
    "word-replied": "Somebody has replied to this already.",
    "word-unknown": "There is no such message.",
    "words-missing": "Please write a few words.",
}
