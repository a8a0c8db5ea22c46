"""A patient's record, for clinicians and for the patient: consents, trusted people, and what happened so far."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import Response

from services.portal import options
from services.portal.calls import Json, at
from services.portal.forms import Form, Problem
from services.portal.routes.advice import questions
from services.portal.timeline import timeline
from services.portal.visit import Again, Clinician, Patient, Visit, allow

router = APIRouter()

Keeper = Annotated[Visit, allow("patient", "referrer", "psychology")]


@router.get("/patients/{patient_id}")
async def patient(patient_id: str, visit: Clinician) -> Response:
    """One person, with the history over all services."""
    return await _record(visit, patient_id, None)


@router.get("/privacy")
async def privacy(visit: Patient) -> Response:
    """Who sees what, and how to change it."""
    return await _privacy(visit, None)


@router.post("/patients/{patient_id}/consents")
async def consent(patient_id: str, visit: Clinician) -> Response:
    """Take down what the patient says."""
    return await _consent(visit, patient_id, f"/patients/{patient_id}")


@router.post("/privacy/consents")
async def own_consent(visit: Patient) -> Response:
    """Agree to something, or take it back."""
    return await _consent(visit, visit.user.id, "/privacy")


@router.post("/patients/{patient_id}/caregivers")
async def link(patient_id: str, visit: Clinician) -> Response:
    """Take down whom the patient trusts."""
    return await _link(visit, patient_id, f"/patients/{patient_id}")


@router.post("/privacy/caregivers")
async def own_link(visit: Patient) -> Response:
    """Name somebody."""
    return await _link(visit, visit.user.id, "/privacy")


@router.post("/patients/{patient_id}/caregivers/remove")
async def unlink(patient_id: str, visit: Clinician) -> Response:
    """The patient no longer names this person."""
    return await _unlink(visit, patient_id, f"/patients/{patient_id}")


@router.post("/privacy/caregivers/remove")
async def own_unlink(visit: Patient) -> Response:
    """Name this person no longer."""
    return await _unlink(visit, visit.user.id, "/privacy")


async def _record(visit: Visit, patient_id: str, problem: Problem | None) -> Response:
    record, rows, asked, history, episodes = await asyncio.gather(
        visit.get("referrals", at("patients", patient_id)),
        visit.get("referrals", at("patients", patient_id, "referrals"), language=visit.language),
        questions(visit),
        timeline(visit, patient_id),
        _episodes(visit, patient_id),
    )
    # A draft is its referrer's own until it is sent.
    shown = [row for row in rows if row["status"] != "draft" or visit.user.role == "referrer"]
    return visit.page(
        "patient.html",
        problem=problem,
        record=record,
        referrals=shown,
        has_open=any(row["waiting_days"] is not None for row in shown),
        questions=[row for row in asked or [] if row["patient_id"] == patient_id],
        episodes=episodes,
        timeline=history.entries,
        timeline_incomplete=not history.complete,
        **_choices(visit),
    )


async def _episodes(visit: Visit, patient_id: str) -> list[Json]:
    if visit.user.role != "psychology":
        return []
    lists = await asyncio.gather(
        *(
            visit.maybe("interventions", "/episodes", list=chosen, language=visit.language)
            for chosen in ("active", "planned")
        )
    )
    return [row for rows in lists for row in rows or [] if row["patient_id"] == patient_id]


async def _privacy(visit: Visit, problem: Problem | None) -> Response:
    record = await visit.get("referrals", at("patients", visit.user.id))
    return visit.page("privacy.html", problem=problem, record=record, **_choices(visit))


def _choices(visit: Visit) -> dict[str, Any]:
    return {"relationships": options.relationships(visit.t), "languages": options.languages(visit.t)}


def _again(visit: Visit, patient_id: str) -> Again:
    async def again(problem: Problem) -> Response:
        if visit.user.role == "patient":
            return await _privacy(visit, problem)
        return await _record(visit, patient_id, problem)

    return again


async def _consent(visit: Visit, patient_id: str, then: str) -> Response:
    granted = visit.form.text("granted") == "yes"
    return await visit.submit(
        "give-consent" if granted else "withdraw-consent",
        "referrals",
        at("patients", patient_id, "consents"),
        {"scope": visit.form.text("scope"), "granted": granted, "until": visit.form.optional("until")},
        then=then,
        done="consent-given" if granted else "consent-withdrawn",
        again=_again(visit, patient_id),
    )


async def _link(visit: Visit, patient_id: str, then: str) -> Response:
    return await visit.submit(
        "add-caregiver",
        "referrals",
        at("patients", patient_id, "caregivers"),
        caregiver(visit.form, visit.clinic.time_zone),
        then=then,
        done="caregiver-added",
        again=_again(visit, patient_id),
    )


async def _unlink(visit: Visit, patient_id: str, then: str) -> Response:
    return await visit.submit(
        "remove-caregiver",
        "referrals",
        at("patients", patient_id, "caregivers", visit.form.text("caregiver"), "remove"),
        {},
        then=then,
        done="caregiver-removed",
        again=_again(visit, patient_id),
    )


def caregiver(form: Form, time_zone: str) -> Json:
    """A trusted person as the service wants to know them."""
    return {
        "name": form.text("name"),
        "email": form.text("email"),
        "relationship": form.text("relationship"),
        "language": form.text("language") or "en",
        "time_zone": time_zone,
    }
