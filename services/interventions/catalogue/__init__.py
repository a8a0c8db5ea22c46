"""Programmes as versioned data that a clinician edits. The rules need only their order; pages need the words."""

from services.interventions.catalogue.faults import CatalogueFault, Fault
from services.interventions.catalogue.loader import load_catalogue
from services.interventions.catalogue.models import (
    Activity,
    Catalogue,
    Check,
    MeasurePlan,
    Module,
    Obstacle,
    Page,
    Place,
    Practice,
    Programme,
    Source,
    Text,
    served_language,
)

__all__ = [
    "Activity",
    "Catalogue",
    "CatalogueFault",
    "Check",
    "Fault",
    "MeasurePlan",
    "Module",
    "Obstacle",
    "Page",
    "Place",
    "Practice",
    "Programme",
    "Source",
    "Text",
    "load_catalogue",
    "served_language",
]
