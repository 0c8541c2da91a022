"""The one place where the command line loads what is behind it: each name when a command first needs it.

`sunrelay --help` needs neither Temporal nor a database, and pays for neither. The imports below are all there
is: type checkers follow them, and at run time the same lines say where a name is to be found.
"""

import ast
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from activities.channels.http import Poster as Poster
    from activities.channels.mail import Mailer as Mailer
    from activities.channels.public_address import PublicAddresses as PublicAddresses
    from activities.channels.webhook import WebhookSender as WebhookSender
    from activities.people.closures import Closures as Closures
    from activities.people.rosters import Rosters as Rosters
    from activities.people.rota import Rota as Rota
    from activities.people.tenant_records import TenantFilter as TenantFilter
    from activities.people.tenant_records import TenantRecords as TenantRecords
    from activities.store.case_list import CaseFilter as CaseFilter
    from activities.store.case_search import Search as Search
    from activities.store.feedback import FeedbackBook as FeedbackBook
    from activities.store.statistics import Figures as Figures
    from activities.words.case_links import CaseLinks as CaseLinks
    from activities.words.contact_ways import ContactWays as ContactWays
    from activities.words.letters import Words as Words
    from activities.words.survey_links import SurveyLinks as SurveyLinks
    from domain.centres.regions import RosterRequest as RosterRequest
    from domain.clocks import Clock as Clock
    from domain.files import in_bytes as in_bytes
    from domain.incidents.verbs import IncidentVerb as IncidentVerb
    from domain.messages.incident import Declare as Declare
    from domain.naming import case_number as case_number
    from domain.verbs import Verb as Verb
    from policies import PolicyInvalid as PolicyInvalid
    from policies import PolicyUnknown as PolicyUnknown
    from policies import load_policy as load_policy
    from policies.holiday_tables import CALENDAR_DIR as CALENDAR_DIR
    from policies.holiday_tables import CalendarUnknown as CalendarUnknown
    from policies.holiday_tables import HolidayTableInvalid as HolidayTableInvalid
    from policies.holiday_tables import calendar_names as calendar_names
    from policies.holiday_tables import own_calendar_names as own_calendar_names
    from policies.holiday_tables import read_calendar as read_calendar
    from policies.loading import check_policy as check_policy
    from policies.loading import read_path as read_path
    from policies.oddities import oddities as oddities
    from policies.opening_hours import opening_hours as opening_hours
    from policies.opening_hours import zone_around as zone_around
    from policies.schema import policy_schema as policy_schema
    from policies.schema import schema_text as schema_text
    from policies.zones import ZoneUnknown as ZoneUnknown
    from policies.zones import local_zone as local_zone
    from starter.agent.server import serve_agent as serve_agent
    from starter.cli.application import app as app
    from starter.cli.backend.api_cases import ApiCases as ApiCases
    from starter.cli.backend.api_drafts import ApiDrafts as ApiDrafts
    from starter.cli.backend.api_files import ApiFiles as ApiFiles
    from starter.cli.backend.api_incidents import ApiIncidents as ApiIncidents
    from starter.cli.backend.choice import backend_of as backend_of
    from starter.cli.backend.client import ApiClient as ApiClient
    from starter.cli.backend.core_cases import CoreCases as CoreCases
    from starter.cli.backend.core_drafts import CoreDrafts as CoreDrafts
    from starter.cli.backend.core_files import CoreFiles as CoreFiles
    from starter.cli.backend.core_incidents import CoreIncidents as CoreIncidents
    from starter.cli.contents_here import contents_here as contents_here
    from starter.cli.core_session import session_of as session_of
    from starter.cli.identity import check_claims as check_claims
    from starter.cli.identity import door_actor as door_actor
    from starter.cli.pages import case as case
    from starter.cli.pages import clock as clock
    from starter.cli.pages import statistics as statistics
    from starter.cli.pages import timeline as timeline
    from starter.cli.pages.board import cases_table as cases_table
    from starter.cli.pages.board import offer_of as offer_of
    from starter.cli.pages.coverage import coverage_page as coverage_page
    from starter.cli.pages.found import found_table as found_table
    from starter.cli.pages.handoff import chain_table as chain_table
    from starter.cli.pages.lateness import lateness_table as lateness_table
    from starter.cli.pages.moved_promises import moved_table as moved_table
    from starter.cli.pages.moved_promises import not_counted_table as not_counted_table
    from starter.cli.pages.moved_promises import totals_table as totals_table
    from starter.cli.pages.past import past_case as past_case
    from starter.cli.pages.past import past_centres as past_centres
    from starter.cli.pages.people import as_whom as as_whom
    from starter.cli.pages.people import audit_table as audit_table
    from starter.cli.pages.people import people_table as people_table
    from starter.cli.pages.people import quoted as quoted
    from starter.cli.pages.policy import difference_page as difference_page
    from starter.cli.pages.policy import policies_table as policies_table
    from starter.cli.pages.policy import policy_page as policy_page
    from starter.cli.pages.receipt import receipt_page as receipt_page
    from starter.cli.pages.receipt import receipt_record as receipt_record
    from starter.cli.pages.region import region_rows as region_rows
    from starter.cli.pages.region import regions_table as regions_table
    from starter.cli.pages.report import report_lines as report_lines
    from starter.cli.pages.rota import presence_record as presence_record
    from starter.cli.pages.rota import rota_table as rota_table
    from starter.cli.pages.rota import stands as stands
    from starter.cli.pages.tenant import tenant_page as tenant_page
    from starter.cli.pages.tenant import tenants_table as tenants_table
    from starter.cli.pages.tenant import without_secrets as without_secrets
    from starter.cli.policy_files import next_steps as next_steps
    from starter.cli.policy_files import policy_place as policy_place
    from starter.cli.provider_settings import provider_here as provider_here
    from starter.cli.receipt_keys import key_file as key_file
    from starter.cli.rehearsal import Also as Also
    from starter.cli.rehearsal import rehearse as rehearse
    from starter.cli.setting_list import Told as Told
    from starter.cli.setting_list import settings_document as settings_document
    from starter.cli.setting_list import told_here as told_here
    from starter.cli.settings import adapter_settings as adapter_settings
    from starter.cli.settings import wrong_settings as wrong_settings
    from starter.cli.stores import open_store as open_store
    from starter.cli.stores import writing_kept_open as writing_kept_open
    from starter.cli.stores import writing_store as writing_store
    from starter.connection import connect as connect
    from starter.connection import locate as locate
    from starter.desk.conductor import run_desk as run_desk
    from starter.desk.practice import mood_file as mood_file
    from starter.desk.practice import read_mood as read_mood
    from starter.door.audit import note_refusal as note_refusal
    from starter.door.audit import read_audit as read_audit
    from starter.door.browser_sessions import make_link as make_link
    from starter.door.case_links import revoke_case_links as revoke_case_links
    from starter.door.case_reader import find_for as find_for
    from starter.door.case_reader import see as see
    from starter.door.case_reader import see_timeline as see_timeline
    from starter.door.centre_as_of import CentreRecord as CentreRecord
    from starter.door.centre_as_of import see_centre_as_of as see_centre_as_of
    from starter.door.centre_list import centres_now as centres_now
    from starter.door.centres import check_closing as check_closing
    from starter.door.centres import close_centre as close_centre
    from starter.door.centres import open_centre as open_centre
    from starter.door.deliveries import Webhooks as Webhooks
    from starter.door.deliveries import our_urls as our_urls
    from starter.door.feedback import keep_feedback as keep_feedback
    from starter.door.file_names import one_called as one_called
    from starter.door.files import Given as Given
    from starter.door.handoff_list import worst_of as worst_of
    from starter.door.identity import authenticate as authenticate
    from starter.door.incidents import SaidOfCases as SaidOfCases
    from starter.door.known_names import check_names as check_names
    from starter.door.lateness import see_lateness as see_lateness
    from starter.door.moved_promises import totals_of as totals_of
    from starter.door.new_policy import begin_policy as begin_policy
    from starter.door.new_policy import check_new_name as check_new_name
    from starter.door.opening_needs import lacking as lacking
    from starter.door.opening_needs import terms_of as terms_of
    from starter.door.past_instant import read_instant as read_instant
    from starter.door.people import add_person as add_person
    from starter.door.people import give_key as give_key
    from starter.door.people import list_people as list_people
    from starter.door.people import revoke as revoke
    from starter.door.permission import is_customer_view as is_customer_view
    from starter.door.permission import may_apply_policies as may_apply_policies
    from starter.door.permission import may_read_statistics as may_read_statistics
    from starter.door.permission import staff_only as staff_only
    from starter.door.policies_in_force import DEFAULT_POLICY as DEFAULT_POLICY
    from starter.door.policies_in_force import known_level as known_level
    from starter.door.policies_in_force import known_region as known_region
    from starter.door.policies_in_force import known_regions as known_regions
    from starter.door.policies_in_force import leaflet_of as leaflet_of
    from starter.door.policies_in_force import policy_named as policy_named
    from starter.door.policy_apply import Outcome as Outcome
    from starter.door.policy_apply import apply_policy as apply_policy
    from starter.door.policy_apply import check_in_force as check_in_force
    from starter.door.policy_coverage import policy_coverage as policy_coverage
    from starter.door.policy_preview import preview_policy as preview_policy
    from starter.door.policy_rows import difference as difference
    from starter.door.policy_rows import policy_record as policy_record
    from starter.door.policy_rows import policy_rows as policy_rows
    from starter.door.policy_rows import summary as summary
    from starter.door.presence import check_in as check_in
    from starter.door.presence import check_out as check_out
    from starter.door.presence import go_away as go_away
    from starter.door.promise_receipts import MOST_RECEIPT as MOST_RECEIPT
    from starter.door.promise_receipts import check_receipt as check_receipt
    from starter.door.promise_receipts import keys_of as keys_of
    from starter.door.promise_receipts import our_keys as our_keys
    from starter.door.promise_receipts import with_what_is_known as with_what_is_known
    from starter.door.requests import build as build
    from starter.door.requests import shapeless as shapeless
    from starter.door.rota_changes import put_rota as put_rota
    from starter.door.speak import Said as Said
    from starter.door.tokens import AccessTokens as AccessTokens
    from starter.door.vendor_list import vendor_here as vendor_here
    from starter.imports.rota import read_engineers as read_engineers
    from starter.imports.tenants import read_tenants as read_tenants
    from starter.reports.html import report_html as report_html
    from starter.reports.incident_report import make_report as make_report
    from starter.telemetry.logs import set_up_logs as set_up_logs
    from starter.telemetry.settings import telemetry_settings as telemetry_settings
    from starter.web.api.application import api as api
    from starter.web.api.callers import Backing as Backing
    from starter.web.api.callers import Rates as Rates
    from starter.web.api.callers import known_by as known_by
    from starter.web.board.application import board as board
    from starter.web.board.case_letters import Writing as Writing
    from starter.web.board.sign_in import LINK as LINK
    from starter.web.metrics import metrics_served as metrics_served
    from starter.web.portal.application import portal as portal
    from starter.web.portal.visitors import Outfit as Outfit
    from starter.web.receipts import receipts_app as receipts_app
    from starter.web.server import serve as serve
    from starter.web.site import PORTAL as PORTAL
    from starter.web.site import site as site
    from starter.web.survey import PATH as PATH
    from starter.web.survey import survey_app as survey_app
    from starter.web.traced import traced as traced
    from starter.web.ui_door import own_names as own_names
    from starter.web.ui_door import page_behind as page_behind
    from starter.web.ui_door import ui_app as ui_app
    from starter.web.vendor import listening_app as listening_app
    from starter.web.vendor_cases import note_unproved as note_unproved
    from starter.web.vendor_cases import pass_on as pass_on
    from starter.web.vendor_proof import Proof as Proof


def _homes() -> dict[str, str]:
    """Read from the imports above which module each name is in."""
    lines = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    found = (one for one in ast.walk(lines) if isinstance(one, ast.ImportFrom))
    return {name.name: str(one.module) for one in found for name in one.names}


_HOMES = _homes()


if not TYPE_CHECKING:  # or a checker would believe that every name is here

    def __getattr__(name: str) -> Any:
        """Load the module a name is in, and keep it here."""
        if name not in _HOMES:
            raise AttributeError(name)
        home = importlib.import_module(_HOMES[name])
        # A page is a module itself, and no attribute of its package before it is loaded.
        found = (
            getattr(home, name) if hasattr(home, name) else importlib.import_module(f"{_HOMES[name]}.{name}")
        )
        globals()[name] = found
        return found
