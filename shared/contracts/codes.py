"""One plain sentence for each code with which the runtime refuses. Each service adds its own in `domain/codes.py`."""

RUNTIME_CODES = {
    "idempotency-key-missing": "Send an Idempotency-Key header, so that a repeated request is done only once.",
    "idempotency-key-reused": "This Idempotency-Key was used before for another request. Use a new key.",
    "if-match-missing": "Send an If-Match header with the version that you saw, or * to change whatever stands.",
    "if-match-malformed": 'The If-Match header must be a version in quotes, such as "3", or *.',
    "cursor-invalid": "This list has no such place. Please open it from the beginning.",
    "too-large": "This is more than can be kept in one step. Please shorten it.",
    "person-erased": "This person's data was erased. Nothing personal can be added.",
}
