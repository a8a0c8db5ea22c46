"""How many text messages one text takes: networks charge and split by the alphabet of GSM 03.38, or else by UCS-2."""

import string

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà" + string.digits + string.ascii_letters
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM_ALONE, _GSM_JOINED = 160, 153
_UCS2_ALONE, _UCS2_JOINED = 70, 67


def segments(text: str) -> int:
    """Segments that `text` takes; one even when it is empty.

    A character that takes two places (of GSM's extension, or beyond UCS-2) is never split between segments.
    """
    is_gsm = all(one in _BASIC or one in _EXTENDED for one in text)
    places = [_places(one, is_gsm) for one in text]
    alone, joined = (_GSM_ALONE, _GSM_JOINED) if is_gsm else (_UCS2_ALONE, _UCS2_JOINED)
    if sum(places) <= alone:
        return 1
    count, used = 1, 0
    for place in places:
        if used + place > joined:
            count, used = count + 1, 0
        used += place
    return count


def _places(character: str, is_gsm: bool) -> int:
    takes_two = character in _EXTENDED if is_gsm else ord(character) > 0xFFFF
    return 2 if takes_two else 1
