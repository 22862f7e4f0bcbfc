//! Names that many texts hold, so that sharing them says little.

/// Months, weekdays, countries, peoples, cities, first names, surnames, titles: lower case.
#[rustfmt::skip]
const FREQUENT: &str = "january february march april may june july august september october november december monday tuesday \
    wednesday thursday friday saturday sunday christmas easter ramadan europe european africa african asia asian america \
    american americans americas britain british briton britons england english scotland scottish wales welsh ireland irish \
    france french germany german germans italy italian spain spanish portugal portuguese netherlands dutch belgium belgian \
    austria austrian switzerland swiss sweden swedish norway norwegian denmark danish finland finnish poland polish russia \
    russian russians ukraine ukrainian turkey turkish greece greek hungary hungarian romania romanian bulgaria serbia croatia \
    china chinese japan japanese india indian pakistan korea korean vietnam thailand indonesia malaysia singapore australia \
    australian zealand canada canadian mexico mexican brazil brazilian argentina chile peru colombia venezuela cuba egypt \
    egyptian israel israeli palestine palestinian iran iranian iraq iraqi syria syrian lebanon saudi arabia arab yemen libya \
    morocco algeria tunisia sudan ethiopia kenya nigeria nigerian ghana africa london paris berlin rome madrid vienna \
    brussels amsterdam moscow kyiv kiev warsaw prague budapest athens istanbul ankara stockholm oslo copenhagen helsinki \
    dublin edinburgh glasgow belfast cardiff manchester birmingham liverpool leeds bristol oxford cambridge york washington \
    chicago boston texas california florida angeles francisco houston dallas seattle toronto montreal sydney melbourne tokyo \
    beijing shanghai delhi mumbai cairo jerusalem baghdad tehran geneva zurich milan munich hamburg frankfurt lisbon \
    john james robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald \
    steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric \
    jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry \
    peter henry martin simon philip alan colin neil ian adam luke oliver harry arthur albert walter hugh roger tom tim jim \
    bill bob joe sam ben dan max leo hans karl carl anna maria mary patricia jennifer linda elizabeth barbara susan jessica \
    sarah karen lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah \
    stephanie rebecca sharon laura cynthia kathleen amy angela shirley emma olivia sophie sophia alice ruth helen jane kate \
    catherine julia claire lucy grace rose eva clara nina ella ida marie louise charlotte victoria diana smith johnson \
    williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson taylor moore jackson \
    lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright torres nguyen hill \
    flores green adams nelson baker hall rivera campbell mitchell carter roberts evans turner phillips parker edwards collins \
    stewart morris murphy cook rogers morgan cooper peterson reed bailey bell kelly howard ward cox richardson watson brooks \
    wood bennett gray hughes price myers long foster sanders ross powell sullivan russell hamilton graham fisher mason hunt \
    palmer stone marshall shaw holmes mills knight webb chapman ellis harper barnes lane burton fox hart carr north south \
    east west northern southern eastern western central atlantic pacific mediterranean baltic nato opec interpol europol \
    reuters bbc twitter facebook google microsoft amazon christian catholic muslim islamic jewish latin olympic republican \
    democrat democratic republic federal";

/// Whether a name is one that many texts hold.
pub(super) fn is_frequent(lower: &str) -> bool {
    static SORTED: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(|| {
        let mut names: Vec<&str> = FREQUENT.split_whitespace().collect();
        names.sort_unstable();
        names.dedup();
        names
    });
    SORTED.binary_search(&lower).is_ok()
}

/// Whether a key is a month's or weekday's name.
pub(super) fn is_calendar(key: &str) -> bool {
    const DAYS: &str = "january february march april may june july august september october november december \
        monday tuesday wednesday thursday friday saturday sunday";
    DAYS.split_whitespace().any(|day| day == key)
}
