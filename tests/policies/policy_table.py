"""The policy table of the catalogue, written out by hand: one row for each preset."""

from dataclasses import dataclass

ALWAYS = "24x7"


@dataclass(frozen=True)
class Row:
    """One column of the policy table. What is listed per level follows the order of `levels`."""

    levels: str
    responses: dict[str, str]
    updates: str
    customer_updates: str
    rated_by: str
    change_takes: str
    coverage: dict[str, str]
    channels: dict[str, str]
    required: str
    on_incomplete: str
    closing: str
    reopening: str
    languages: str
    disposition: str
    zones: str


TABLE = {
    "o365-overview": Row(
        levels="0 A Critical, 1 B High, 2 C Medium",
        responses={
            "standard": "none, none, none",
            "premier-base": "1 h, 2 h, 4 h",
            "premier-o365": "1 h, 2 h, 4 h",
            "cloud-vantage": "1 h, 2 h, 4 h",
        },
        updates="none, none, none",
        customer_updates="none, none, none",
        rated_by="requester",
        change_takes="business_impact",
        coverage=dict.fromkeys(("standard", "premier-base", "premier-o365", "cloud-vantage"), ALWAYS),
        channels={
            "standard": "portal phone",
            "premier-base": "premier_phone mpo_portal",
            "premier-o365": "premier_phone mpo_portal",
            "cloud-vantage": "premier_phone mpo_portal",
        },
        required="support_type severity business_impact service_accessible functionality onset_at "
        "users_affected vip_affected contact",
        on_incomplete="refuse",
        closing="none",
        reopening="180 d",
        languages="unset",
        disposition="keep_open",
        zones="central UTC none",
    ),
    "o365-dedicated": Row(
        levels="0 1 Catastrophic, 1 A Critical, 2 B Urgent, 3 C Important, 4 D Advisory",
        responses={"dedicated": "1 h, 1 h, 1 h, 1 h, none", "itar": "1 h, 1 h, 1 h, 1 h, none"},
        updates="1 h, 2 h, 24 h, 72 h, as agreed",
        customer_updates="1 h, 2 h, none, none, none",
        rated_by="requester",
        change_takes="business_impact",
        coverage={"dedicated": ALWAYS, "itar": ALWAYS},
        channels={"dedicated": "service_desk", "itar": "service_desk"},
        required="requester severity service business_impact troubleshooting_done contact",
        on_incomplete="refuse",
        closing="none",
        reopening="never",
        languages="strict en",
        disposition="keep_open",
        zones="central UTC none",
    ),
    "rhipe-csp": Row(
        levels="0 P1 Critical, 1 P2 High, 2 P3 Medium, 3 P4 Low, 4 P5 Informational",
        responses={
            "partner-24x7": "1 h, 4 h, 1 business day, 2 business days, none",
            "saas-24x7": "1 h, 4 h, 1 business day, 2 business days, none",
            "partner-branded": "1 h, 4 h, 1 business day, 2 business days, none",
            "saas-12x5": "1 h, 4 h, 1 business day, 2 business days, none",
        },
        updates="1 h, 2 h, 24 h, 72 h, none",
        customer_updates="none, none, none, none, none",
        rated_by="staff",
        change_takes="not_permitted",
        coverage={
            "partner-24x7": ALWAYS,
            "saas-24x7": ALWAYS,
            "partner-branded": ALWAYS,
            "saas-12x5": "mon 07-19, tue 07-19, wed 07-19, thu 07-19, fri 07-19",
        },
        channels=dict.fromkeys(
            ("partner-24x7", "saas-24x7", "partner-branded", "saas-12x5"), "phone email portal"
        ),
        required="partner_legal_name contact tenant_company tenant_domain explanation affected_users "
        "troubleshooting_steps",
        on_incomplete="await_information",
        closing="implied after 3",
        reopening="5 business days",
        languages="best_effort en fil ja",
        disposition="close_on_handover",
        zones="auckland Pacific/Auckland NZ-AUK, sydney Australia/Sydney AU-NSW, "
        "melbourne Australia/Melbourne AU-VIC, kuala_lumpur Asia/Kuala_Lumpur MY-KUL, manila Asia/Manila PH",
    ),
    "distributor-css": Row(
        levels="0 critical Critical, 1 high High, 2 normal Normal, 3 low Low",
        responses={"css": "none, none, none, none", "css+on_premise_addon": "none, none, none, none"},
        updates="none, none, none, none",
        customer_updates="none, none, none, none",
        rated_by="requester",
        change_takes="reason",
        coverage={"css": ALWAYS, "css+on_premise_addon": ALWAYS},
        channels={"css": "webform chat", "css+on_premise_addon": "webform chat"},
        required="end_user_company onmicrosoft_domain priority scope",
        on_incomplete="close_with_explanation",
        closing="required",
        reopening="never",
        languages="unset",
        disposition="keep_open",
        zones="central UTC none",
    ),
    "westcoast": Row(
        levels="0 high High, 1 normal Normal",
        responses={"csp": "none, none"},
        updates="none, none",
        customer_updates="none, none",
        rated_by="requester",
        change_takes="reason",
        coverage={"csp": ALWAYS},
        channels={"csp": "portal email phone"},
        required="explanation",
        on_incomplete="await_information",
        closing="required",
        reopening="never",
        languages="unset",
        disposition="keep_open",
        zones="uk Europe/London GB-ENG",
    ),
}

SCOPE = {
    "o365-overview": "otherwise accept",
    "o365-dedicated": "service decline, customer_network decline, customer_hardware decline, "
    "on_premises decline, third_party_software decline, operational_procedures decline, "
    "customer_architecture decline, customer_error decline, desk_owned refer service_desk, "
    "colocated_equipment refer remote_hands, otherwise accept",
    "rhipe-csp": "tenant_administration decline, "
    "configuration_and_customisation refer_internal relevant_department, "
    "partner_programme refer microsoft_partner_support, consulting refer consulting, own_portal accept, "
    "microsoft_services accept, partner_billing accept, technical accept, "
    "external_review best_effort, otherwise accept",
    "distributor-css": "on_premises decline, otherwise accept",
    "westcoast": "licence_source decline, "
    "partner_centre_without_account log_on_behalf partner_centre_ticket, "
    "partner_centre refer partner_centre_ticket, reseller_partner_account refer microsoft_phone_option_1, "
    "mpn refer microsoft_phone_option_4, mobile_app refer in_app_support, "
    "operating_system refer microsoft_business_support, dns refer dns_host, "
    "local_network refer networking_guidance, individual_client best_effort assisted_support, "
    "visual_studio best_effort, supported accept, otherwise triage",
}
