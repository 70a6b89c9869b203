"""A lookup for long lists: `id__among=ids` sends one value, where `id__in` sends a parameter an id and has each of them prepared."""

import json
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """The column is one of these values; whole numbers or texts."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """One array on PostgreSQL, one JSON text on SQLite."""
        column, params = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = any(%s)", (*params, list(self.rhs))
        return f"{column} in (select value from json_each(%s))", (*params, json.dumps(list(self.rhs)))  # noqa: S608 - Django's own column
