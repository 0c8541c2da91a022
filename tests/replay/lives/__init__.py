"""The lives that are recorded, by name: together they take the workflow through everything it can do.

A life speaks to a desk as doors do and lets time pass; it may leave its cases open. Its name is that of its
histories, so a new way of living is a new life, and an old one keeps its name.
"""

from collections.abc import Awaitable, Callable

from tests.desk import Desk
from tests.e2e.station import Station
from tests.live_case import LiveCase
from tests.replay.lives import (
    aftercare,
    closing,
    guides,
    incidents,
    operators,
    ordinary,
    outages,
    rating,
    special,
    staffing,
    sun,
    troubled,
    unusual,
    vendor,
)

Life = Callable[[Desk], Awaitable[None]]

LIVES: dict[str, Life] = {
    life.__name__: life
    for life in (
        ordinary.whole_life,
        ordinary.breach_and_late_response,
        ordinary.waiting_and_reply,
        ordinary.opened_by_signal,
        ordinary.spoken_to_by_signals,
        rating.triage_and_level_change,
        rating.incomplete_intake,
        rating.recomputed_terms,
        rating.terms_renewed_after_a_year,
        closing.resolved_rejected_then_confirmed,
        closing.reopened,
        closing.late_reopen,
        aftercare.surveys_answered_and_not,
        guides.advisory_case,
        guides.duties_of_both_sides_and_validation,
        guides.closed_with_an_explanation,
        guides.confirmed_after_a_rejection,
        guides.referred_and_logged_on_behalf,
        guides.passed_on_inside,
        guides.a_tenant_of_the_directory,
        guides.opened_without_the_directory,
        guides.guides_verbs_by_signals,
        guides.news_for_both_sides_after_a_late_mail,
        incidents.a_major_incident_of_three_cases,
        incidents.a_major_incident_left_without_updates,
        incidents.news_of_a_major_incident,
        staffing.from_hand_to_hand,
        staffing.from_hand_to_hand_by_signals,
        staffing.given_to_somebody_who_is_told,
        staffing.left_by_whoever_had_it,
        sun.from_centre_to_centre,
        sun.from_centre_to_centre_by_signals,
        sun.from_centre_to_centre_unasked,
        outages.an_outage_told_and_restored,
        outages.outage_verbs_by_signals,
        outages.an_outage_that_was_none,
        special.remote_sessions,
        special.planned_then_diagnosed,
        special.a_visit_to_the_rack,
        special.special_verbs_by_signals,
        vendor.handed_over_to_the_vendor,
        vendor.kept_open_with_the_vendor,
        vendor.a_ticket_asked_for_and_on_the_premises,
        vendor.vendors_verbs_by_signals,
        vendor.reviewed_though_not_ours,
        unusual.refused_opening,
        unusual.nothing_submitted,
        unusual.messages_before_the_opening,
        unusual.unread_messages,
        unusual.repeated_requests,
        unusual.turned_over,
        operators.cancelled_in_the_engine,
        troubled.undeliverable_address,
        troubled.mail_system_away_for_an_hour,
        troubled.two_deliveries_end_one_after_the_other,
        troubled.turned_over_while_mail_is_away,
        troubled.store_away,
        troubled.catch_up_after_12_hours_without_worker,
    )
}

FOLLOW_THE_SUN = {
    life.__name__
    for life in (
        sun.from_centre_to_centre,
        sun.from_centre_to_centre_by_signals,
        sun.from_centre_to_centre_unasked,
    )
}
"""These lives are lived at a desk whose centres hand cases on; at all others a case stays where it is."""

EARNEST: dict[str, Callable[[Station], Awaitable[list[LiveCase]]]] = {
    life.__name__: life for life in (operators.reset_in_the_engine, operators.turned_over_by_size)
}
"""Lives on the real server: it alone can be reset, and knows how large a history is. They return cases."""
