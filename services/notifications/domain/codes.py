"""Every refusal of this service, in one plain sentence."""

CODES: dict[str, str] = {
    "message-unknown": "This message is not in this inbox any more.",
    "message-about-safety": "A message about somebody's safety is always sent.",
    "message-not-waiting": "The e-mail of this message does not wait any more.",
    "preferences-not-for-you": "Only patients and those whom they trust choose what reaches them by e-mail.",
    "preferences-no-hour-left": "These hours would leave no time of day for an e-mail.",
    "wording-part-missing": "A part of the text is empty. Please write it.",
    "wording-part-unknown": "There are words that stand in no part, or a part that stands there twice.",
    "wording-braces-invalid": "What stands in braces cannot be understood. Only a value, a date or a condition may.",
    "wording-value-unknown": "There is a value in braces that this message is not given.",
    "wording-email-value-refused": "There is a value in the e-mail that others must not see.",
    "wording-filling-invalid": "With some data this text cannot be filled in. Please look at what stands in braces.",
    "wording-word-refused": "There is a word in it that the clinic does not want. Please choose another word.",
    "wording-email-word-refused": "There is a word in the e-mail that tells too much. Others may see it.",
    "wording-too-hard": "This is hard to read. Please shorten the sentences, or take everyday words.",
    "wording-because-invalid": "The reason is one line that goes on with “You got this because”, without a full stop.",
    "wording-text-missing": "A part needs a first line, then an empty line, then the text.",
    "wording-line-invalid": "The first line is too long. Please shorten it.",
    "wording-draft-missing": "There are no new words to publish.",
    "wording-shipped-already": "The shipped words hold already.",
}
