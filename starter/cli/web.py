"""`sunrelay web`: what of ours answers over HTTP, on one port (the API, the vendor's calls, survey pages)."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from starter.cli import core
from starter.cli.command import Door, register
from starter.cli.listen_options import LOOPBACK, Host, Port
from starter.cli.panels import DESK

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from activities.settings import AdapterSettings
    from starter.door.deliveries import Webhooks
    from starter.door.provider import Provider
    from starter.door.session import Session
    from starter.web.board.answers import Guarded

PORT = 8080


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, help="The web door: the API, the vendor's calls, survey pages.")
    register(group, "serve")(serve)
    app.add_typer(group, name="web", rich_help_panel=DESK)


async def serve(
    door: Door,
    port: Port = PORT,
    host: Host = LOOPBACK,
    within: Annotated[
        float, typer.Option(help="Seconds the engine has to answer a call.", min=0.5, max=60)
    ] = 4.5,
    rate: Annotated[int, typer.Option(help="Calls a minute for each credential.", min=1)] = 1_200,
    tenant_rate: Annotated[
        int, typer.Option(help="Calls a minute for all credentials of a tenant.", min=1)
    ] = 3_000,
) -> None:
    """Serve the board at /, the portal at /portal, the API at /v1, vendor's calls and surveys, until stopped.

    Customers sign in at the portal by mailed links where SUNRELAY_PORTAL_URL says where it is. The vendor's
    calls, surveys and records of promises are there where their keys are set, and tokens of an identity
    provider are taken where SUNRELAY_OIDC_ISSUER names one.
    """
    watched = core.telemetry_settings()
    core.set_up_logs(watched.log)
    settings = core.adapter_settings(door.home.store_setting())
    session = replace(door, timeout=timedelta(seconds=within)).session
    session.write_store = core.writing_kept_open(door.home, session)
    provider = core.provider_here()
    known = core.known_by(core.AccessTokens(provider) if provider else None)
    rates = core.Rates(per_credential=rate, per_tenant=tenant_rate)
    backing = core.Backing(session, known, _webhooks(settings), rates)
    survey: Starlette | None = None
    vendor: Starlette | None = None
    if settings.survey_secrets is not None:
        survey = core.survey_app(door.session, core.SurveyLinks.of(settings))
    if settings.vendor_webhook_secrets is not None:
        proof = core.Proof(settings.vendor_webhook_secrets.get_secret_value().split())
        vendor = core.listening_app(
            proof,
            lambda heard: core.pass_on(door.session, heard),
            unproved=lambda: core.note_unproved(door.session),
        )
    receipts: Starlette | None = None
    if (keys := core.key_file(door.home)) is not None:
        receipts = core.receipts_app(session, core.our_keys(keys))
    pages = _pages(session, settings, provider, backing.webhooks)
    site = core.traced(core.site(core.api(backing), survey, vendor, *pages, receipts))
    async with core.metrics_served(watched.web_metrics_address, door.session, backing.calls):
        door.output.say(f"listening on http://{host}:{port}")
        await core.serve(site, host, port)


def _pages(
    session: "Session", settings: "AdapterSettings", provider: "Provider | None", webhooks: "Webhooks"
) -> "tuple[Guarded, Guarded]":
    """Make the pages for our own people, and those for customers."""
    surveys = core.SurveyLinks.of(settings)
    veiled = core.CaseLinks.of(settings, veiled=True)
    words = core.Words(ways=core.ContactWays.of(settings), case_links=veiled)
    outfit = core.Outfit(core.CaseLinks.of(settings), core.Mailer(settings), surveys)
    board = core.board(
        session,
        core.Writing(words, surveys),
        provider,
        f"{core.PORTAL}/",
        webhooks=webhooks,
        vendor=core.vendor_here(settings),
    )
    return board, core.portal(session, outfit, provider)


def _webhooks(settings: "AdapterSettings") -> "Webhooks":
    """Return how a webhook that got lost is sent again from here."""
    public = core.PublicAddresses(allow_http=settings.allow_http_webhooks, networks=settings.webhook_networks)
    lists = (settings.staff_address, settings.tss_address, settings.sdm_address, settings.vendor_address)
    sender = core.WebhookSender(settings, core.Poster(), public)
    return core.Webhooks(sender, core.our_urls((*lists, *settings.region_addresses.values())))
