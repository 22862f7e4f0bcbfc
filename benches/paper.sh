#!/usr/bin/env bash
# Prints copies, scans the pages and traces the scans: one row an item, for docs/record/formats.md.
#
#   cargo build --release && benches/paper.sh ITEM…
#
# An item is issued to the 33 agencies; three copies (by the order of their file names) become PDF (LibreOffice, for pages
# and mails Chromium), then grey pages of 150 dpi, turned by 0.7 degrees, blurred by 0.8 pixels, saved as JPEG of quality 50.
# Needs libreoffice, chromium, poppler-utils, imagemagick, tesseract-ocr and python3.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
dyetrace=${DYETRACE:-$root/target/release/dyetrace}
convert=${CONVERT:-/usr/bin/convert}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

field() { python3 -c 'import json, sys; print(eval(sys.argv[1], {"j": json.load(sys.stdin)}))' "$1"; }

# What a mail program prints: the mail's page.
page_of_mail() {
    python3 - "$1" "$2" <<'P'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
body = mail.get_body(("html", "plain"))
text = body.get_content()
open(sys.argv[2], "w").write(text if body.get_content_subtype() == "html" else "<pre>" + text + "</pre>")
P
}

to_pdf() {
    local copy=$1 folder=$2
    case $copy in
    *.html | *.eml)
        local page=$folder/page.html
        if [[ $copy == *.eml ]]; then page_of_mail "$copy" "$page"; else cp "$copy" "$page"; fi
        chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf="$folder/page.pdf" "$page" 2>/dev/null
        ;;
    *)
        cp "$copy" "$folder/page.${copy##*.}"
        soffice --headless --convert-to pdf --outdir "$folder" "$folder/page.${copy##*.}" >/dev/null 2>&1
        ;;
    esac
}

printf '%-28s %6s %6s %6s %6s %6s\n' item sites right none wrong pages
for item; do
    name=$(basename "$item")
    home=$work/$name
    mkdir "$home"
    export DYETRACE_REGISTRY=$home/registry
    "$dyetrace" init --quiet --json >/dev/null
    "$dyetrace" recipient import "$root/fixtures/items/agencies.csv" --quiet --json >/dev/null
    "$dyetrace" issue "$item" --to-all --out "$home/out" --quiet --json >"$home/issued.json"
    sites=$(field 'j["sites"]["total"]' <"$home/issued.json")
    right=0 none=0 wrong=0 pages=0
    for at in 3 14 28; do
        copy=$(field "sorted((c['path'], c['copy']) for c in j['copies'])[$at][0]" <"$home/issued.json")
        number=$(field "sorted((c['path'], c['copy']) for c in j['copies'])[$at][1]" <"$home/issued.json")
        leak=$home/leak$at
        mkdir "$leak"
        to_pdf "$copy" "$leak"
        pdftoppm -r 150 -gray "$leak/page.pdf" "$leak/page"
        for page in "$leak"/page*.pgm; do
            "$convert" "$page" -background white -rotate 0.7 -blur 0x0.8 -quality 50 "${page%.pgm}.jpg"
            pages=$((pages + 1))
        done
        "$dyetrace" trace --alpha 1e-3 --json "$leak"/page*.jpg >"$leak/trace.json" || true
        named=$(field '[c["copy"] for c in j["culprits"]]' <"$leak/trace.json")
        case $named in
        "[$number]") right=$((right + 1)) ;;
        "[]") none=$((none + 1)) ;;
        *) wrong=$((wrong + 1)) ;;
        esac
    done
    printf '%-28s %6s %6s %6s %6s %6s\n' "$name" "$sites" "$right" "$none" "$wrong" "$pages"
done
