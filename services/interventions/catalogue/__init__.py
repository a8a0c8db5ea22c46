"""Programmes as versioned data that a clinician edits. The rules need only their order; pages need the words."""

from services.interventions.catalogue.agenda import Agenda, HouseRules, Topic, newest_rules
from services.interventions.catalogue.carer_course import CarerCourse, CarerPage, CarerPart
from services.interventions.catalogue.faults import CatalogueFault
from services.interventions.catalogue.loader import load_catalogue
from services.interventions.catalogue.module import (
    Activity,
    Check,
    Module,
    Obstacle,
    Page,
    Practice,
    Session,
    Step,
    WorksheetRef,
)
from services.interventions.catalogue.programme import Catalogue, MeasurePlan, Place, Programme, Source
from services.interventions.catalogue.text import Text, served_language
from services.interventions.catalogue.worksheet import Option, Worksheet, WorksheetField
from shared.runtime.faults import Fault

__all__ = [
    "Activity",
    "Agenda",
    "CarerCourse",
    "CarerPage",
    "CarerPart",
    "Catalogue",
    "CatalogueFault",
    "Check",
    "Fault",
    "HouseRules",
    "MeasurePlan",
    "Module",
    "Obstacle",
    "Option",
    "Page",
    "Place",
    "Practice",
    "Programme",
    "Session",
    "Source",
    "Step",
    "Text",
    "Topic",
    "Worksheet",
    "WorksheetField",
    "WorksheetRef",
    "load_catalogue",
    "newest_rules",
    "served_language",
]
