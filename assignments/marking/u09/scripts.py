"""Question 10: a script for a real call, by linter and by what it brings on people whom the student has not seen."""

from pathlib import Path

from crmsim.course.marking import Mistake

_HERE = Path(__file__).parent


def model(language):
    """The model script."""
    return (_HERE / f"model_{language}.yaml").read_text(encoding="utf-8")


def draft(case, language):
    """The script that somebody wrote in a hurry."""
    return str(case.drafts.loc[language, "text"])


def worth(case):
    """What the judging needs: callees and luck of this student, drafts and models."""
    seeds = case.rng("callees").integers(1, 2**31, 2)
    texts = {f"{kind}_{language}": model(language) if kind == "model" else draft(case, language)
             for kind in ("draft", "model") for language in ("zh", "en")}
    return {"run_seed": int(seeds[0]), "seed": int(seeds[1]), **texts}


UNCHANGED = [
    Mistake(f"draft {language}", lambda case, language=language: draft(case, language), 0,
            "This is the draft as it was. Repair what the linter names, and then ask what would please a customer.")
    for language in ("zh", "en")
]
