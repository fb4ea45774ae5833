"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# version counts the judgements on an entry; who writes says which one was read
entries = Table(
    "entries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("provenance", Text, nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_to", String(10), nullable=False),
    Column("version", Integer, nullable=False),
)

# role: canonical, surname, or the field of `Entry` that lists the form; folded: for looking up
forms = Table(
    "forms",
    metadata,
    Column("entry_id", Text, ForeignKey("entries.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("exact", Boolean, nullable=False),
    Column("inside", Boolean, nullable=False),
    Index("ix_forms_folded", "folded"),
)

# Append-only: triggers refuse UPDATE and DELETE. state: the entry as the judgement leaves it.
judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("entry_id", Text, ForeignKey("entries.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("surface", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("why", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("judgements.id"), nullable=True),
    Column("state", JSON, nullable=False),
    UniqueConstraint("entry_id", "version"),
)
