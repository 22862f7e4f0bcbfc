use super::*;

fn names(csv: &str) -> Vec<String> {
    parse_csv(csv.as_bytes()).unwrap().rows.into_iter().map(|(_, row)| row.name).collect()
}

fn problems(csv: &[u8]) -> Vec<(u64, String)> {
    parse_csv(csv).unwrap_err().problems.into_iter().map(|p| (p.line, p.problem)).collect()
}

#[test]
fn lists_of_every_common_shape_are_read() {
    for csv in [
        "name\nAgency A\nAgency B\n",
        "name\r\nAgency A\r\nAgency B",
        "\u{feff}name\nAgency A\nAgency B\n",
        "Name \n\"Agency A\"\n\"Agency B\"\n",
        "email,NAME\n,Agency A\nb@example.org,Agency B\n",
        "name;email\nAgency A;\nAgency B;b@example.org\n",
        "id\tname\n\tAgency A\nb\tAgency B\n",
        "\nname,email\n\nAgency A,\n,\n  ,  \nAgency B,\n\n",
        "name\n\u{a0}Agency   A \nAgency B",
    ] {
        assert_eq!(names(csv), ["Agency A", "Agency B"], "{csv:?}");
    }
    assert_eq!(names("name,org\n\"Agency \"\"A\"\", north\",\"x,y\"\n"), ["Agency \"A\", north"]);
    let list = parse_csv(b"phone,name,Fax\n1,A,2\n").unwrap();
    assert_eq!(list.ignored_columns, ["phone", "Fax"]);
    let row = &parse_csv(b"name,email,org,id\nA, a@b ,O,i.1\n").unwrap().rows[0].1;
    assert_eq!(row.email.as_deref(), Some("a@b"));
    assert_eq!((row.org.as_deref(), row.id.as_deref()), (Some("O"), Some("i.1")));
}

#[test]
fn every_problem_is_reported_with_its_line() {
    let csv = "name,email,id\n\
               Agency A,,\n\
               ,x@example.org,\n\
               Agency B,not an address,\n\
               \"Agency\u{7}C\",,\n\
               agency a,,\n\
               Agency D,,-d\n\
               \n\
               Agency E\n\
               Agency F,,f\n\
               Agency G,,F\n";
    let found = problems(csv.as_bytes());
    let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 9, 11]);
    for ((_, text), part) in found.iter().zip([
        "the name \"\" is empty",
        "no address",
        "control characters",
        "stands in line 2 already",
        "the id \"-d\"",
        "1 fields where the first line has 3",
        "the id \"f\" stands in line 10 already",
    ]) {
        assert!(text.contains(part), "{text}");
    }
    for ends in ["\r\n", "\r"] {
        let same = problems(csv.replace('\n', ends).as_bytes());
        assert_eq!(same.iter().map(|(line, _)| *line).collect::<Vec<_>>(), lines, "{ends:?}");
    }
    let error = parse_csv(csv.as_bytes()).unwrap_err().to_string();
    assert!(error.starts_with("line 3: the name \"\" is empty; line 4: "), "{error}");
}

#[test]
fn a_list_that_cannot_be_read_at_all_says_why() {
    let first = |csv: &[u8]| problems(csv).remove(0);
    assert_eq!(first(b"").0, 1);
    assert!(first(b"agency,email\nA,\n").1.contains("no column is called \"name\""));
    assert!(first(b"name,Name\nA,B\n").1.contains("occurs twice"));
    let (line, text) = first(b"name\nAgency A\nAgency \xe4\n");
    assert_eq!(line, 3);
    assert!(text.contains("UTF-8"));
    assert!(first(&vec![b'x'; CSV_BYTES_MAX + 1]).1.contains("more than"));
    // A quote that is never closed swallows the rest: one name with line ends in it.
    let (line, text) = first(b"name\nAgency A\n\"Agency B\nAgency C\n");
    assert_eq!(line, 3);
    assert!(text.contains("control characters"), "{text}");
}

#[test]
fn at_most_twenty_problems_are_listed() {
    let csv = format!("name,x\n{}", ",1\n".repeat(50));
    let error = parse_csv(csv.as_bytes()).unwrap_err();
    assert_eq!((error.problems.len(), error.more), (PROBLEMS_MAX, 30));
    assert!(error.to_string().ends_with("; and 30 more"));
}

#[test]
fn names_fold_as_the_eye_does() {
    for (one, other) in [
        ("Straße", "STRASSE"),
        ("Ａgency", "Ａgency "),
        ("e\u{301}cole", "ÉCOLE"),
        ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"),
        ("a\u{2009}b", "A  B"),
    ] {
        assert_eq!(fold(one), fold(other));
    }
    assert_ne!(fold("Agency A"), fold("Agency Á"));
    assert_ne!(fold("ab"), fold("a b"));
}

#[test]
fn ids_are_made_of_what_file_names_bear() {
    for (name, id) in [
        ("Agency Q", "agency-q"),
        ("  Ministère de l'Intérieur ", "ministere-de-l-interieur"),
        ("../../etc/passwd", "etc-passwd"),
        ("ﬁnance", "finance"),
        ("日本", "recipient"),
        ("-", "recipient"),
    ] {
        assert_eq!(slug(name), id);
    }
    let long = slug(&"long name ".repeat(20));
    assert!(long.len() <= 40 && check_id(&long).is_ok(), "{long}");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        let mut csv = b"name,email\n".to_vec();
        csv.extend_from_slice(&bytes);
        match parse_csv(&csv) {
            Ok(list) => for (line, row) in list.rows {
                proptest::prop_assert!(line >= 2);
                proptest::prop_assert_eq!(row.checked(), Ok(row));
            },
            Err(error) => proptest::prop_assert!(!error.problems.is_empty()),
        }
    }

    #[test]
    fn every_id_that_is_made_is_fit(name in "\\PC*") {
        proptest::prop_assert!(check_id(&slug(&name)).is_ok());
    }
}
