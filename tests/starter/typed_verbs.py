"""Each verb as somebody types it: by whom, to which case, and how that ends."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Request = Mapping[str, Any]
TENANT = "Harbour Foods"


class Speaker(NamedTuple):
    """Who speaks: at the desk by its setting, over the API by a key of theirs."""

    name: str
    role: str
    tier: str | None = None
    tenant: str | None = None

    @property
    def setting(self) -> dict[str, str]:
        given = {**self._asdict(), "kind": "customer" if self.tenant else None}
        return {f"SUNRELAY_ACTOR_{name.upper()}": value for name, value in given.items() if value}


ENGINEER = Speaker("Mia Chen", "engineer")
SECOND_LINE = Speaker("Lina Park", "engineer", "L2")
TSS, SDM = Speaker("Tessa Reid", "tss"), Speaker("Sue Ward", "sdm")
CUSTOMER = Speaker("Priya Nair", "customer", tenant=TENANT)


class Said(NamedTuple):
    """A verb as it is typed, to a case that was brought so far; and how that ends.

    Those that leave a case much as it was share one: only `own` ones need a case to themselves.
    """

    verb: str
    typed: str
    ends: str = "accepted"
    who: Speaker = ENGINEER
    before: tuple[str, ...] = ()
    request: Request = MappingProxyType({})
    own: bool = False

    @property
    def case(self) -> str:
        """Which case it is said to: verbs that share one have equal names for it."""
        return self.verb if self.own else "; ".join(self.before)


ANSWERED = ("respond CASE 'We are on it'",)
SOLVED = (*ANSWERED, "resolve CASE 'New profile' --kind resolution")
CLOSED = (*ANSWERED, "close CASE --reason resolved")
TO_VENDOR = (
    "vendor escalate CASE --reason fault --product office_365 --vendor-reference 2704030040001234"
    " --done partner_troubleshooting --done provider_review --done secondary_troubleshooting"
    " --contact 'Lee Park' --contact-role partner_technical --phone +61255500100"
    " --email lee@partner.example --available 09:00-17:00 --contact-zone Australia/Sydney"
)
AT_VENDOR = (*ANSWERED, TO_VENDOR)
SCHEDULE = "session schedule CASE --start 2h --end 3h --zone Australia/Sydney --mode view"
CONNECT = "session begin CASE --consent --mode view"
REVIEW = (
    "review request CASE --ground no_resolution --reply-to our-notice --conversation store:mails"
    " --status 'No news' --request 'Another engineer'"
)
OUTAGE = (*ANSWERED, "case priority CASE A --reason 'All tills are down' --outage")
UNRATED: Request = {"impact": None, "urgency": None}
DEDICATED: Request = {
    **UNRATED,
    "policy": "o365-dedicated",
    "channel": "service_desk",
    "service": "exchange_online",
    "troubleshooting_done": "Signed out and in",
    "business_impact": "No mail at the till",
    "requester": {"name": "Kim", "role": "service_desk"},
    "severity": "B",
}
SAID = (
    Said("triage", "case triage CASE --impact high --urgency high", request=UNRATED, own=True),
    Said("respond", "respond CASE 'We are on it'", own=True),
    Said("post_update", "update CASE 'Found the cause'", before=ANSWERED),
    Said("wait_for_customer", "wait CASE 'Which build?'", before=ANSWERED, own=True),
    Said("reply", "reply CASE 'It works' --accepts", who=CUSTOMER, before=SOLVED, own=True),
    Said(
        "provide_information",
        "case provide CASE --step all",
        request={"troubleshooting_steps": None},
        own=True,
    ),
    Said("change_level", "case priority CASE P1 --reason 'The whole site'", own=True),
    Said(
        "agree_interval", "case interval CASE --every 24h", request={**DEDICATED, "severity": "D"}, own=True
    ),
    Said(
        "update_scope", "case scope CASE 'A second office' --users-affected 40", who=CUSTOMER, before=ANSWERED
    ),
    Said("track_elsewhere", "case track CASE JIRA OPS-311", before=ANSWERED),
    Said("add_note", "case note CASE 'Known problem'", before=ANSWERED),
    Said("accept_handoff", "handoff accept CASE", "HandoffNotOffered", before=ANSWERED),
    Said(
        "decline_handoff",
        "handoff decline CASE --reason 'Two urgent ones'",
        "HandoffNotOffered",
        before=ANSWERED,
    ),
    Said("hand_off", "handoff to CASE manila --reason 'They know it' --anyway", before=ANSWERED, own=True),
    Said(
        "write_brief",
        "handoff brief CASE --impact 'No logins' --next-action 'Ask Contoso'",
        before=ANSWERED,
    ),
    Said("confirm_next_action", "handoff confirm CASE", "NoChange", before=ANSWERED),
    Said("claim", "claim CASE", own=True),
    Said("reassign", "case reassign CASE 'Ana Ruiz' --reason holiday", before=ANSWERED),
    Said("take_ownership", "case take CASE --reason 'Open for long'", who=TSS, before=ANSWERED),
    Said("escalate", "case escalate CASE --classification identity --reason hard", before=ANSWERED, own=True),
    Said("assign_resolver_group", "case resolver-group CASE network --reason firewall", before=ANSWERED),
    Said(
        "request_escalation",
        "vendor request CASE --reason 'Three days'",
        who=CUSTOMER,
        before=ANSWERED,
        own=True,
    ),
    Said("escalate_to_vendor", TO_VENDOR, who=SECOND_LINE, before=ANSWERED, own=True),
    Said("vendor_update", "vendor update CASE 'On Friday' --reference 2611", before=AT_VENDOR),
    Said("vendor_finding", "vendor finding CASE cloud", "CaseClosed", before=AT_VENDOR),
    Said("vendor_contacted", "vendor contacted CASE --no", before=AT_VENDOR),
    Said("change_main_contact", "case main-contact CASE vendor", before=ANSWERED),
    Said("request_vendor_review", REVIEW, who=SDM, before=AT_VENDOR),
    Said(
        "decide_vendor_review", "review decide CASE --accept", "InvalidTransition", who=SDM, before=ANSWERED
    ),
    Said("review_externally", "review external CASE Looking --vendor-reference 2611", who=SDM, own=True),
    Said("validate_resolution", "case validate CASE 'Please try'", before=ANSWERED, own=True),
    Said("resolve", "resolve CASE 'New profile' --kind workaround", before=ANSWERED, own=True),
    Said("close", "close CASE --reason requested", before=ANSWERED, own=True),
    Said("reopen", "reopen CASE --reason 'It is back'", before=CLOSED, own=True),
    Said(
        "answer_survey", "survey answer CASE --score 4 --comment Quick", who=CUSTOMER, before=CLOSED, own=True
    ),
    Said("recompute_terms", "case recompute CASE --reason 'A holiday'", before=ANSWERED),
    Said("schedule_session", SCHEDULE, before=ANSWERED),
    Said("cancel_session", "session cancel CASE --reason later", before=(SCHEDULE,), own=True),
    Said("start_session", CONNECT, own=True),
    Said("end_session", "session end CASE", before=(CONNECT,), own=True),
    Said("diagnose", "case diagnose CASE configuration 'A rule of theirs'", before=ANSWERED, own=True),
    Said("contacted", "case contacted CASE --who Billing", request={"category": "configuration"}, own=True),
    Said("request_root_cause", "case root-cause CASE --charge-accepted", before=SOLVED, own=True),
    Said("visitor_checked_in", "case visitor CASE --id-valid", "InvalidTransition", before=ANSWERED),
    Said(
        "outage_notification",
        "outage notify CASE --details 'No mail' --impact all --expected 4h",
        "InvalidTransition",
        before=ANSWERED,
    ),
    Said("start_bridge", "outage bridge CASE --phone '+61 2 5550 0199' --code 4711", before=ANSWERED),
    Said(
        "outage_resolution_notification",
        "outage restored CASE 'Mail is back'",
        "ResolutionNotValidated",
        before=OUTAGE,
        request=DEDICATED,
        own=True,
    ),
    Said(
        "withdraw_outage",
        "outage withdraw CASE --reason 'One laptop'",
        before=OUTAGE,
        request=DEDICATED,
        own=True,
    ),
)
