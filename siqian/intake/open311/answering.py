"""Answers of Open311 as XML and as JSON. Pure: the same values make both (the Spark convention of the standard)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

# What the members of a list are called in XML.
MEMBERS = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
MIME = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}


def written(root: str, values: Any, form: str) -> bytes:
    """The answer in one of the two forms, in UTF-8."""
    if form == "json":
        return json.dumps(values, ensure_ascii=False).encode()
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(_filled(Element(root), root, values), encoding="utf-8")


def _filled(element: Element, name: str, value: Any) -> Element:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _filled(SubElement(element, key), key, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _filled(SubElement(element, MEMBERS[name]), MEMBERS[name], inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _writable(str(value))
    return element


def _writable(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (ord(letter) >= 32 and letter not in "\ufffe\uffff"))
