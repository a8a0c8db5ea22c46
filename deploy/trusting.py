"""Those whom invented people trust: asked, most of them there, each seeing what was opened to them."""

from deploy.people import Desk


async def trust(desk: Desk, number: int, patient: str, caregiver: str) -> None:
    """Most of those who were asked say yes, and see what was opened to them; some have not answered yet."""
    if number % 12 == 8:
        return
    path, yes = f"/patients/{patient}/caregivers/{caregiver}", {"accept": True, "email": number % 8 == 0}
    await desk.person(caregiver, "caregiver").post("referrals", f"{path}/answer", yes)
    person = desk.person(patient, "patient")
    for scope in ("news", "plan")[: 1 + (number % 8 == 0)]:
        await person.post("referrals", f"{path}/scopes", {"scope": scope, "opened": True})
