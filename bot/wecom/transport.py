"""wechatpy's HTTP made safe: its errors as ours, media files with time-outs, no secrets in logs."""

from __future__ import annotations

import contextlib
import email.utils
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, cast

import requests
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

from bot.wecom.errors import TABLE, Config, Permanent, Retry, error_for

PIECE = 20 * 1024 * 1024  # bytes of a media file that are given without Range
LARGEST = 200 * 1024 * 1024
_SECRETS = re.compile(r"(access_token|corpsecret)=[^&\s'\"]+")


class Wechat(WeChatClient):  # type: ignore[misc]  # wechatpy ships no types
    """wechatpy's client for another address than Tencent's, too, and without its own idea of tokens."""

    def __init__(self, corp: str, secret: str, api: str, timeout: tuple[float, float]) -> None:
        super().__init__(corp, secret, timeout=timeout, auto_retry=False)
        self.API_BASE_URL = api if api.endswith("/") else f"{api}/"

    def on_date(self, told: Callable[[float], None]) -> None:
        """Have ``told`` called with the time, in seconds since the epoch, that each answer names in its head."""

        def look(response: requests.Response, *args: object, **more: object) -> None:
            with contextlib.suppress(KeyError, TypeError, ValueError):
                told(email.utils.parsedate_to_datetime(response.headers["Date"]).timestamp())

        self._http.hooks["response"].append(look)

    def fetch_media(self, token: str, media_id: str, begin: int | None = None) -> requests.Response:
        """One GET of media/get (path/90254), from byte ``begin`` on if given; beyond 20 MB of itself the first piece.

        wechatpy's own download has no time-out and does not see errors.
        """
        headers = {} if begin is None else {"Range": f"bytes={begin}-{begin + PIECE - 1}"}
        query = {"access_token": token, "media_id": media_id}
        with translated():
            url = f"{self.API_BASE_URL}media/get"
            response = cast(requests.Response, self._http.get(url, params=query, headers=headers, timeout=self.timeout))
            response.raise_for_status()
            code = media_error(response)
            if code == 830002 and begin is None:
                return self.fetch_media(token, media_id, 0)
            if code:
                raise error_for(code)
            if "Content-Disposition" not in response.headers and looks_like_page(response):
                raise Retry("企业微信的回答读不懂")
            return response


def answer(given: object) -> dict[str, Any]:
    """The answer as a dict; a page, cut JSON or anything without an errcode may be a proxy's: to be tried again."""
    if not isinstance(given, dict) or not isinstance(given.get("errcode"), int):
        raise Retry("企业微信的回答读不懂")
    return given


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Whatever wechatpy and requests raise, as one of our errors; the originals name addresses with tokens."""
    try:
        yield
    except WeChatClientException as error:
        _raise_for(error)
    except requests.exceptions.HTTPError as error:
        _raise_for_status(error.response.status_code)
    except requests.exceptions.SSLError:
        raise Retry("与企业微信的加密连接不成功，请检查证书与时钟", after=30) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema):
        raise Config("企业微信接口地址不对，请核对 WECOM_API") from None
    except requests.exceptions.Timeout:
        raise Retry("企业微信没有按时回答") from None
    except requests.exceptions.RequestException:
        raise Retry("连不上企业微信") from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Retry("企业微信的回答读不懂") from None


def _raise_for(error: WeChatClientException) -> NoReturn:
    if error.errcode is None:
        _raise_for_status(error.response.status_code)
    raise error_for(int(error.errcode)) from None


def _raise_for_status(status: int) -> NoReturn:
    if status >= 500 or status in (408, 425, 429):
        raise Retry(f"企业微信暂时不可用（HTTP {status}）", after=5) from None
    raise Config(f"企业微信接口地址不对（HTTP {status}），请核对 WECOM_API") from None


def media_error(response: requests.Response) -> int:
    """The errcode, when the body is an error in JSON and not a member's file that happens to be JSON."""
    if "Content-Disposition" in response.headers or len(response.content) > 4096:
        return 0
    try:
        return int(json.loads(response.content).get("errcode", 0))
    except (ValueError, AttributeError, TypeError):
        return 0


def looks_like_page(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").startswith(("text/html", "application/json"))


def total_of(response: requests.Response) -> int:
    """The size of the whole file in bytes; raises ``Permanent`` beyond what is sensible."""
    match = re.fullmatch(r"bytes \d+-\d+/(\d+)", response.headers.get("Content-Range", ""))
    total = int(match[1]) if match else len(response.content)
    if total > LARGEST:
        raise Permanent(TABLE[45001].means)
    return total


def file_name(response: requests.Response) -> str:
    match = re.search(r'filename="?([^";]+)', response.headers.get("Content-Disposition", ""))
    return match[1] if match else ""


class _Blot(logging.Filter):
    """Blots out tokens and secrets of addresses, which urllib3 writes into its debug log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _SECRETS.sub(r"\1=…", record.getMessage()), None
        return True


def keep_secrets_out_of_logs() -> None:
    """Let no access_token or secret reach the logs of the HTTP library, at any level."""
    for name in ("urllib3.connectionpool", "urllib3.util.retry"):
        logger = logging.getLogger(name)
        if not any(isinstance(old, _Blot) for old in logger.filters):
            logger.addFilter(_Blot())
