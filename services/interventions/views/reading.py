"""Parts of the catalogue as one reader gets them: whole, in one language."""

from pydantic import BaseModel

from services.interventions.catalogue import served_language


def in_one_language(part: BaseModel, language: str) -> dict[str, object]:
    """The part with each text in one language instead of all of them; one with more to it has its words as `text`."""
    chosen = served_language(language)

    def choose(value: object) -> object:
        if isinstance(value, dict):
            if value.keys() == {"en", "es"}:
                return value[chosen]
            if value.keys() > {"en", "es"}:
                more = {key: one for key, one in value.items() if key not in ("en", "es")}
                return {"text": value[chosen], **more}
            return {key: choose(one) for key, one in value.items()}
        return [choose(one) for one in value] if isinstance(value, list) else value

    return {key: choose(one) for key, one in part.model_dump(mode="json").items()}
