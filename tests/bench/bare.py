"""The page to compare with: Flask and SQLAlchemy, one look-up of the signed-in person and three indexed queries.

Written as one would write it: entities, a template of the same size as the host's module page, a signed cookie.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask, session
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Cohort(Base):
    __tablename__ = "cohort"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Enrolment(Base):
    __tablename__ = "enrolment"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)


class Submission(Base):
    __tablename__ = "submission"
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    activity: Mapped[str]
    state: Mapped[str]


PAGE = """<!doctype html><html lang="en"><head><title>{{ cohort.name }}</title></head><body>
<header>{{ person.name }}</header><nav>{% for word in words %}<a href="/{{ word }}">{{ word }}</a>{% endfor %}</nav>
<main><h1>{{ cohort.name }}</h1><ul>{% for row in rows %}<li><a href="/x/{{ row.id }}">{{ row.activity }}</a>
<span>{{ row.state }}</span></li>{% endfor %}</ul>{{ body|safe }}</main></body></html>"""


def make_bare(folder: Path, size: int) -> Flask:
    """An app whose page at / has about `size` bytes."""
    app = Flask("bare")
    app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'bare.sqlite'}")
    db = SQLAlchemy(model_class=Base)
    db.init_app(app)
    with app.app_context():
        db.create_all()
        db.session.add_all([Person(id=1, name="Sam"), Cohort(id=1, name="Spring")])
        db.session.flush()
        db.session.add(Enrolment(id=1, person_id=1, cohort_id=1))
        db.session.flush()
        db.session.add_all(Submission(enrolment_id=1, activity=f"Activity {n}", state="done") for n in range(6))
        db.session.commit()
    body = "<p>" + "A lesson that one reads in the evening. " * 400
    template = app.jinja_env.from_string(PAGE)
    words = ("today", "course", "attendance", "progress")

    @app.get("/sign-in")
    def sign_in() -> str:
        session["person"] = 1
        return "in"

    @app.get("/")
    def page() -> str:
        person = db.session.get(Person, session["person"])
        enrolment = db.session.scalars(select(Enrolment).where(Enrolment.person_id == person.id)).first()
        cohort = db.session.scalars(select(Cohort).where(Cohort.id == enrolment.cohort_id)).first()
        rows = db.session.scalars(select(Submission).where(Submission.enrolment_id == enrolment.id)).all()
        return template.render(person=person, cohort=cohort, rows=rows, words=words, body=body[:size])

    return app
