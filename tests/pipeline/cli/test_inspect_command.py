"""`claimrail inspect`: any file, no database."""

import io
import zipfile

from command_line import parsed


def test_inspect_clean_findings_unreadable(bare, tmp_path, money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    good, bad, none = tmp_path / "good.835", tmp_path / "bad.835", tmp_path / "none.txt"
    good.write_bytes(money.era(decide(claim, 14_500)))
    bad.write_bytes(money.era(decide(claim, 14_500), amount=14_000))
    none.write_bytes(b"\x1b[2Jhello")
    assert (bare("inspect", str(good)).exit_code, bare("inspect", str(none)).exit_code) == (0, 2)
    result = bare("inspect", str(bad))
    assert result.exit_code == 1
    assert "X835-BAL" in result.stdout
    told = parsed(bare("inspect", str(bad), "--json"))
    assert (told["kind"], told["exit_code"]) == ("x12:835", 1)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("a\x1b[31m.835", bad.read_bytes())
    (tmp_path / "two.zip").write_bytes(archive.getvalue())
    result = bare("inspect", str(tmp_path / "two.zip"))
    assert result.exit_code == 1
    assert "\x1b[31m" not in result.stdout


def test_inspect_stays_readable_on_a_large_bad_file(bare, tmp_path, money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    many = [decide(claim, 14_000, clm01=f"C{n:013d}") for n in range(400)]  # each 5.00 short of its charge
    (tmp_path / "large.835").write_bytes(money.era(*many))
    short = bare("inspect", str(tmp_path / "large.835"))
    whole = bare("inspect", str(tmp_path / "large.835"), "--all")
    assert short.exit_code == whole.exit_code == 1
    assert len(short.stdout.splitlines()) < 60 < 400 < len(whole.stdout.splitlines())
    # One code, whatever the differences; the totals stand before everything else.
    assert short.stdout.count("error X835-BAL-CLAIM") == 1
    assert "X835-BAL-CLAIM (400 times)" in short.stdout
    assert short.stdout.index("claims 400") < short.stdout.index("interchanges")


def test_inspect_lists_claims_if_asked_for(bare, tmp_path, money, decide, claim_document):
    [claim] = money.claims(1, claim_document)
    many = [decide(claim, 14_500, clm01=f"C{n:013d}") for n in range(400)]
    path = tmp_path / "large.835"
    path.write_bytes(money.era(*many))
    some, every = bare("inspect", str(path), "--claims"), bare("inspect", str(path), "--claims", "--all")
    assert "C0000000000009" in some.stdout
    assert "C0000000000010" not in some.stdout
    assert "and 390 more" in some.stdout
    assert len(some.stdout.splitlines()) < 60
    assert "C0000000000399" in every.stdout
    assert "C0000000000000" not in bare("inspect", str(path)).stdout
    told = parsed(bare("inspect", str(path), "--claims", "--json"))
    assert len(told["summary"]["set_list"][0]["claim_list"]) == 400
    assert told["summary"]["totals"]["claims"] == 400


def test_inspect_counts_the_segments_of_a_set_that_has_no_codec(bare, tmp_path):
    isa = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261103*1425*^*00501*000000101*0*T*:~"
    body = "GS*BE*A*B*20261103*1425*101*X*005010X220A1~ST*834*0001~INS*Y*18*030~INS*N*01*030~SE*4*0001~GE*1*101~"
    (tmp_path / "a.834").write_text(f"{isa}{body}IEA*1*000000101~")
    result = bare("inspect", str(tmp_path / "a.834"))
    assert result.exit_code == 0
    assert "version 005010X220A1, segment ids: INS 2, ST 1, SE 1" in result.stdout


def test_a_file_that_is_not_there_is_usage(bare):
    result = bare("inspect", "nowhere.835")
    assert result.exit_code == 2
    assert "nowhere.835" in result.stderr
