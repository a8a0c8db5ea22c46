"""Every refusal of this service, in one plain sentence."""

CODES: dict[str, str] = {
    "alert-closed": "This alert is closed already.",
    "alert-not-raised": "There is no such alert.",
    "already-acknowledged": "Somebody else has taken on this alert.",
    "answer-refused": "One of the answers is not one of the choices for its question. Please check it.",
    "episode-closed": "This treatment has ended.",
    "episode-not-active": "This treatment has not started yet.",
    "episode-not-ready": "Some parts of the programme or the last questions are still to do.",
    "list-not-allowed": "This list is not for your role.",
    "measure-complete": "You have already answered all of these questions.",
    "measure-not-open": "These questions are not open at the moment.",
    "module-locked": "This part is not open yet.",
    "module-unknown": "This programme has no such part.",
    "not-acknowledged": "Please take on this alert before you close it.",
    "nothing-left": "Every part is done or open already.",
    "plan-missing": "Please write what was agreed with the person.",
    "reason-missing": "Please write a reason.",
    "recommendation-missing": "Please write what you recommend to the pain team.",
    "version-not-offered": "The programme has no such newer version.",
}
