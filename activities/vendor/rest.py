"""Speaks to a vendor's REST interface as their file says: sends once, finds again, follows what takes long.

This room knows HTTP and JSON, and no case. What may have been taken is looked for before it is sent again.
The vendor's token is read at each request, goes to no other host, and is in nothing that is said or noted.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote, urlencode, urljoin, urlsplit

from pydantic import JsonValue

from activities.channels.answer_head import named, wished
from activities.channels.attempt import NeverWorks, TryAgain, Undecided
from activities.channels.http import Answer, NoAnswer, Outgoing, Poster
from activities.channels.public_address import PublicAddresses
from activities.vendor.answers import MAX_ANSWER, at_pointer, parsed, reference_in, refuse
from activities.vendor.case_fields import said_by_case
from activities.vendor.config import Finding, Operation, VendorConfig
from activities.vendor.desk import SearchedLater, UnderWay, VendorMessage
from activities.vendor.forms import Filling, NothingToFill, filled, filled_path
from domain.effects import EffectKind
from domain.policy import in_words

ASK_AGAIN = timedelta(seconds=5)
"""When a vendor who is not done yet does not say when to come back."""

_AS_THEY_ARE = "/@:+=,~"
"""What a key may have besides letters and digits; anything else cannot be in a header as it is."""

_PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
"""What a header can have as it is; anything else, a line break above all, is percent-encoded."""

ReadToken = Callable[[], str | None]


class RestVendor:
    """Tell a vendor what an effect says, under the effect's id."""

    def __init__(
        self, config: VendorConfig, read_token: ReadToken, poster: Poster, public: PublicAddresses
    ) -> None:
        self._config = config
        self._read_token = read_token
        self._poster = poster
        self._public = public

    @property
    def address(self) -> str:
        """The vendor's name in their file."""
        return self._config.name

    async def tell(self, message: VendorMessage) -> str:
        """Return the vendor's reference of the ticket, or of what was added to it.

        Raises: NeverWorks where they refuse for good, UnderWay where they are not done, TryAgain otherwise.
        """
        operation = self._operation(message.effect.kind)
        filling = self._filling(message)
        try:
            done = message.under_way is not None and await self._is_done(message.under_way)
            if message.may_be_there or message.under_way is not None:
                found = await self._find(operation, filling)
                if found is not None:
                    return found
                if done and operation.find is not None:
                    raise TryAgain(f"{self.address} is done with it and does not show it yet", sure=False)
                if operation.is_only_found and not message.has_waited:
                    raise self._not_found_yet(operation, filling)
            return await self._send_surely(operation, filling, again=message.may_be_there)
        except NothingToFill as error:
            raise NeverWorks(str(error)) from None
        except Undecided:
            raise
        except NeverWorks as error:
            if message.may_be_there or message.under_way is not None:
                raise NeverWorks(f"{error}; look for {filling['key']} there: it may have arrived") from None
            raise

    def _not_found_yet(self, operation: Operation, filling: Filling) -> Exception:
        """Wait out the lag of a search that alone keeps us from doing it twice, or leave it to a person."""
        lag = operation.find.lag if operation.find is not None else None
        told = f"{self.address} does not show {filling['key']}, and may have taken it"
        if lag is None:
            return Undecided(f"{told}; its search has no stated lag: look there before it is sent again")
        return SearchedLater(f"{told}; looked for again after {in_words(lag)}", lag)

    async def _send_surely(self, operation: Operation, filling: Filling, *, again: bool) -> str:
        """Send it; where only a search can tell whether it arrived, that one is given its time.

        Raises: what `_send` raises, SearchedLater in place of TryAgain where its end is not known.
        """
        lag = operation.find.lag if operation.find is not None and operation.is_only_found else None
        try:
            return await self._send(operation, filling, again=again)
        except UnderWay:
            raise
        except TryAgain as trouble:
            if trouble.sure or lag is None:
                raise
            raise SearchedLater(str(trouble), lag) from None

    def _operation(self, kind: EffectKind) -> Operation:
        operation = self._config.open if kind is EffectKind.VENDOR_TICKET else self._config.follow_up
        if operation is None:
            raise NeverWorks(f"{self.address} takes nothing but new tickets")
        return operation

    def _filling(self, message: VendorMessage) -> Filling:
        said = said_by_case(message, self._config)
        ticket = self._key(message.ticket) if message.ticket else None
        return {**self._config.variables, **said, "key": self._key(message.effect.id), "ticket": ticket}

    def _key(self, effect_id: str) -> str:
        if self._config.key == "effect_id":
            return quote(effect_id, safe=_AS_THEY_ARE)
        return f"sr-{hashlib.sha256(effect_id.encode()).hexdigest()[:32]}"

    async def _send(self, operation: Operation, filling: Filling, *, again: bool) -> str:
        body = json.dumps(filled(dict(operation.body), filling)) if operation.body else None
        url = self._url(operation.path, operation.query, filling)
        headers = {name: _in_header(filled(value, filling)) for name, value in operation.headers.items()}
        answer = await self._ask(operation.method, url, headers, body)
        refuse(answer, self.address, self._quoted(answer))
        if not answer.is_whole:
            # Sent before, and this is all they say: nobody will ever read the reference.
            raise self._too_long() if again else TryAgain(f"{self._too_long()}", sure=False)
        if answer.status == 202:
            self._must_be_followed(answer, url)
        return self._reference(operation, parsed(answer), filling)

    def _must_be_followed(self, answer: Answer, url: str) -> None:
        """Read the answer.

        Raises: UnderWay where the answer names a place to ask, TryAgain where it says nothing at all.
        """
        told = f"{self.address} has taken it and is not done"
        after = wished(answer.retry_after) or ASK_AGAIN
        for header in self._config.long_running.headers:
            if place := answer.headers.get(header):
                raise UnderWay(told, urljoin(url, place), after)
        if parsed(answer) is None:
            raise TryAgain(told, after, sure=False)

    async def _is_done(self, where: str) -> bool:
        """Return false where the vendor has forgotten about it: whether it is there is seen by looking.

        Raises: UnderWay where they are not done, NeverWorks where it failed.
        """
        rules = self._config.long_running
        answer = await self._ask("GET", where, {}, None)
        if answer.status in (404, 410):
            return False
        refuse(answer, self.address, self._quoted(answer))
        value = parsed(answer)
        word = at_pointer(value, rules.status)
        if word in rules.failed:
            reason = self._scrubbed(str(at_pointer(value, rules.reason) or "no reason given"))
            raise NeverWorks(f"{self.address}: {word}, {reason}")
        if answer.status == 202 or (isinstance(word, str) and word not in rules.succeeded):
            after = wished(answer.retry_after) or ASK_AGAIN
            raise UnderWay(f"{self.address} is not done with it: {named(answer.status)}", where, after)
        return True

    async def _find(self, operation: Operation, filling: Filling) -> str | None:
        """Look for what may be there; None where it is not, or where the key alone must do."""
        find = operation.find
        if find is None:
            return None
        answer = await self._ask("GET", self._url(find.path, find.query, filling), {}, None)
        if answer.status == 404:
            return None
        refuse(answer, self.address, self._quoted(answer))
        if not answer.is_whole:
            raise self._too_long()
        value = parsed(answer)
        if find.items is not None:
            value = self._listed(operation, find, value, filling)
            if value is None:
                return None
        return self._reference(operation, value, filling)

    def _listed(
        self, operation: Operation, find: Finding, value: JsonValue, filling: Filling
    ) -> JsonValue | None:
        found = at_pointer(value, find.items or "")
        if not isinstance(found, list):
            raise TryAgain(f"{self.address} does not list what it found", sure=False)
        echo = operation.echo or ""
        return next((one for one in found if at_pointer(one, echo) == filling["key"]), None)

    def _reference(self, operation: Operation, value: JsonValue, filling: Filling) -> str:
        """Read the reference.

        Raises: TryAgain where the answer is about something else, or has no reference yet.
        """
        if operation.echo and at_pointer(value, operation.echo) != filling["key"]:
            raise TryAgain(f"{self.address} did not answer about {filling['key']}", sure=False)
        reference = reference_in(value, operation.reference)
        if reference is None:
            raise TryAgain(f"{self.address} answered without a reference", sure=False)
        return reference

    def _url(self, path: str, query: dict[str, str], filling: Filling) -> str:
        told = {name: str(filled(value, filling) or "") for name, value in query.items()}
        url = self._config.base_url.rstrip("/") + filled_path(path, filling)
        return f"{url}?{urlencode(told)}" if told else url

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: str | None) -> Answer:
        """Send one request to the vendor and nobody else. Raises: NeverWorks, TryAgain."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}".lower() != self._config.origin:
            raise NeverWorks(f"{self.address} points to another host, which is not followed")
        at = await self._public.find(url)
        outgoing = Outgoing(method, url, {**self._headers(body), **headers}, body, MAX_ANSWER)
        try:
            return await self._poster.send(outgoing, at)
        except NoAnswer as error:
            raise TryAgain(self._scrubbed(f"{self.address}: {error}"), away=True, sure=False) from None

    def _headers(self, body: str | None) -> dict[str, str]:
        token = self._read_token()
        if token is None:
            raise NeverWorks(f"no token for {self.address}; set SUNRELAY_VENDOR_TOKEN")
        kind = {} if body is None else {"content-type": "application/json"}
        auth = {self._config.auth_header: self._config.auth_form.replace("{token}", token)}
        plain = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "Sunrelay"}
        return {**plain, **self._config.headers, **kind, **auth}

    def _quoted(self, answer: Answer) -> str:
        return self._scrubbed(answer.text[:2000])

    def _scrubbed(self, text: str) -> str:
        token = self._read_token()
        return text.replace(token, "[token]") if token else text

    def _too_long(self) -> NeverWorks:
        return NeverWorks(f"{self.address} answered with more than {MAX_ANSWER} bytes, which is not read")


def _in_header(value: JsonValue) -> str:
    return quote(str(value or ""), safe=_PRINTABLE)
