//! Zip archives (PKWARE APPNOTE 6.3): read within limits, and written again around changed members.
//!
//! Writing splices: every byte of the archive that does not belong to a changed member stays where it was, order, dates,
//! attributes, comments and extra fields included. A general-purpose writer makes the headers anew, and what it puts
//! there (its own version, a date, a flag) would be new in every copy.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use crate::item::{ReadError, SOURCE_BYTES_MAX};

/// The most members of an archive; a deck of a thousand slides has some five thousand.
const MEMBERS_MAX: u64 = 20_000;
/// The most bytes of all members together, unpacked.
const UNPACKED_BYTES_MAX: u64 = 512 << 20;
/// The most that an archive of more than [`RATIO_FROM`] bytes may grow by when it is unpacked.
const RATIO_MAX: u64 = 200;
const RATIO_FROM: u64 = 16 << 20;
/// How hard changed members are packed (1 to 10): what Office and `LibreOffice` use.
const LEVEL: u8 = 6;
/// How much of a member is held while it is checked.
const CHUNK: usize = 64 << 10;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const LOCAL_BYTES: usize = 30;
const CENTRAL_BYTES: usize = 46;
const END_BYTES: usize = 22;

/// General-purpose flags: encrypted; sizes follow the data; encrypted strongly; its headers too.
const ENCRYPTED: u16 = 1;
const DEFERRED: u16 = 1 << 3;
const LOCKED: u16 = ENCRYPTED | 1 << 6 | 1 << 13;
/// The extra field with sizes over 4 GiB.
const ZIP64: u16 = 1;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// An archive that was looked through.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    bytes: Arc<[u8]>,
    members: Vec<Member>,
    /// Where the central directory starts, and the record that ends it.
    directory: usize,
    end: usize,
}

/// One member.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: String,
    method: u16,
    crc: u32,
    size: u64,
    flags: u16,
    /// Its record in the central directory, its local header, and its packed data.
    central: Range<usize>,
    local: usize,
    data: Range<usize>,
}

impl Archive {
    /// Reads the directory; nothing is unpacked.
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.len() > SOURCE_BYTES_MAX {
            return Err(ReadError::TooLarge { bytes: bytes.len(), max: SOURCE_BYTES_MAX });
        }
        let end = end_record(bytes).ok_or_else(|| damaged("its directory is missing: it was cut off"))?;
        let count = u64::from(u16_at(bytes, end + 10));
        let (length, directory) = (u32_at(bytes, end + 12) as usize, u32_at(bytes, end + 16) as usize);
        if u32_at(bytes, end + 4) != 0 || u64::from(u16_at(bytes, end + 8)) != count {
            return Err(damaged("it is one of several volumes"));
        }
        if count == 0xffff || directory == 0xffff_ffff {
            return Err(damaged("it has a directory for more than 65,535 members or 4 GiB (zip64)"));
        }
        if count > MEMBERS_MAX {
            return Err(ReadError::Limit { what: "members of the archive", found: count, max: MEMBERS_MAX });
        }
        if directory.checked_add(length) != Some(end) {
            return Err(damaged("its directory does not lie where it says"));
        }
        let mut members = Vec::new();
        let mut at = directory;
        while at < end {
            let member = member(bytes, at, end)?;
            at = member.central.end;
            members.push(member);
        }
        if members.len() as u64 != count {
            return Err(damaged("its directory has another number of members than it says"));
        }
        let archive = Self { bytes: bytes.into(), members, directory, end };
        archive.check()?;
        Ok(archive)
    }

    /// Refuses members that share bytes or a name, and those that unpack to more than is read.
    fn check(&self) -> Result<(), ReadError> {
        let mut names = BTreeSet::new();
        for member in &self.members {
            // The names of an Office package differ by more than their case (ECMA-376 part 2, 6.2.2.3).
            if !names.insert(member.name.to_ascii_lowercase()) {
                return Err(damaged(format!("two of its members are called {:?}", member.name)));
            }
        }
        let mut reach = 0;
        for &index in &self.by_place() {
            let member = &self.members[index];
            if member.local < reach || member.data.end > self.directory {
                return Err(damaged(format!("{:?} overlaps another member", member.name)));
            }
            reach = member.data.end;
        }
        let unpacked: u64 = self.members.iter().map(|member| member.size).sum();
        if unpacked > UNPACKED_BYTES_MAX {
            let what = "bytes of the archive, unpacked";
            return Err(ReadError::Limit { what, found: unpacked, max: UNPACKED_BYTES_MAX });
        }
        let ratio = unpacked / (self.bytes.len() as u64).max(1);
        if unpacked > RATIO_FROM && ratio > RATIO_MAX {
            let what = "times the size of the archive, unpacked";
            return Err(ReadError::Limit { what, found: ratio, max: RATIO_MAX });
        }
        Ok(())
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member with a name, whatever its case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| member.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a member.
    pub(super) fn unpack(&self, index: usize) -> Result<Vec<u8>, ReadError> {
        let member = &self.members[index];
        let fail = |problem: &str| ReadError::Damaged { part: member.name.clone(), problem: problem.into() };
        let packed = &self.bytes[member.data.clone()];
        let size = usize::try_from(member.size).map_err(|_| fail("it is too large"))?;
        let bytes = match member.method {
            STORED => packed.to_vec(),
            DEFLATED => {
                decompress_to_vec_with_limit(packed, size).map_err(|_| fail("it cannot be unpacked"))?
            }
            _ => return Err(fail("it is packed by a method that Office files do not use")),
        };
        if bytes.len() != size {
            return Err(fail("it does not have the size that the archive's directory says"));
        }
        if crc32fast::hash(&bytes) != member.crc {
            return Err(fail("its checksum is wrong"));
        }
        Ok(bytes)
    }

    /// Checks that a member is whole, without holding it in memory.
    pub(super) fn check_sum(&self, index: usize) -> Result<(), ReadError> {
        let member = &self.members[index];
        let fail = |problem: &str| ReadError::Damaged { part: member.name.clone(), problem: problem.into() };
        if member.method != DEFLATED {
            return self.unpack(index).map(drop);
        }
        let mut packed = &self.bytes[member.data.clone()];
        let mut state = InflateState::new_boxed(DataFormat::Raw);
        let mut buffer = vec![0; CHUNK];
        let (mut sum, mut size) = (crc32fast::Hasher::new(), 0);
        loop {
            let step = inflate(&mut state, packed, &mut buffer, MZFlush::None);
            packed = &packed[step.bytes_consumed..];
            sum.update(&buffer[..step.bytes_written]);
            size += step.bytes_written as u64;
            let stuck = step.bytes_consumed == 0 && step.bytes_written == 0;
            match step.status {
                Ok(MZStatus::StreamEnd) => break,
                Ok(_) if !stuck && size <= member.size => {}
                _ => return Err(fail("it cannot be unpacked")),
            }
        }
        match (size == member.size, sum.finalize() == member.crc) {
            (true, true) => Ok(()),
            (true, false) => Err(fail("its checksum is wrong")),
            (false, _) => Err(fail("it does not have the size that the archive's directory says")),
        }
    }

    /// Whether the member is stored in the very bytes that it has in `other`, which was checked.
    pub(super) fn same(&self, index: usize, other: &Self) -> bool {
        let member = &self.members[index];
        other.members.get(index).is_some_and(|twin| {
            (&twin.name, twin.crc, twin.size) == (&member.name, member.crc, member.size)
                && self.bytes[member.data.clone()] == other.bytes[twin.data.clone()]
        })
    }

    /// The archive with some members' bytes replaced.
    pub(super) fn with(&self, changed: &BTreeMap<usize, Vec<u8>>) -> Vec<u8> {
        if changed.is_empty() {
            return self.bytes.to_vec();
        }
        let order = self.by_place();
        let mut out = Vec::with_capacity(self.bytes.len() + (4 << 10));
        let first = order.first().map_or(self.directory, |&index| self.members[index].local);
        out.extend_from_slice(&self.bytes[..first]);
        let mut central: Vec<Vec<u8>> =
            self.members.iter().map(|member| self.bytes[member.central.clone()].to_vec()).collect();
        for (place, &index) in order.iter().enumerate() {
            let member = &self.members[index];
            put_u32(&mut central[index], 42, size32(out.len()));
            if let Some(bytes) = changed.get(&index) {
                self.write_member(member, bytes, &mut out, &mut central[index]);
            } else {
                let next = order.get(place + 1).map_or(self.directory, |&next| self.members[next].local);
                out.extend_from_slice(&self.bytes[member.local..next]);
            }
        }
        let directory = out.len();
        for record in &central {
            out.extend_from_slice(record);
        }
        let end = out.len();
        out.extend_from_slice(&self.bytes[self.end..]);
        put_u32(&mut out, end + 16, size32(directory));
        out
    }

    /// Writes a changed member by the same method, with what its headers said of it otherwise.
    fn write_member(&self, member: &Member, bytes: &[u8], out: &mut Vec<u8>, central: &mut [u8]) {
        let packed = match member.method {
            DEFLATED => compress_to_vec(bytes, LEVEL),
            _ => bytes.to_vec(),
        };
        let sums = [crc32fast::hash(bytes), size32(packed.len()), size32(bytes.len())];
        let deferred = member.flags & DEFERRED != 0;
        let name = member.local + LOCAL_BYTES;
        let extra = name + usize::from(u16_at(&self.bytes, member.local + 26));
        let kept = without_zip64(&self.bytes[extra..member.data.start]);
        let header = out.len();
        out.extend_from_slice(&self.bytes[member.local..extra]);
        for (field, sum) in [14, 18, 22].into_iter().zip(sums) {
            put_u32(out, header + field, if deferred { 0 } else { sum });
        }
        out[header + 28..header + 30]
            .copy_from_slice(&u16::try_from(kept.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend_from_slice(&kept);
        out.extend_from_slice(&packed);
        if deferred {
            for value in [DESCRIPTOR].into_iter().chain(sums) {
                out.extend_from_slice(&value.to_le_bytes());
            }
        }
        for (field, sum) in [16, 20, 24].into_iter().zip(sums) {
            put_u32(central, field, sum);
        }
    }

    fn by_place(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.members.len()).collect();
        order.sort_by_key(|&index| self.members[index].local);
        order
    }
}

/// Where the record is that ends the directory: the last one whose comment fits into the file. Bytes behind it are
/// tolerated, as other readers do: downloads have been seen with a line end there.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    (last.saturating_sub(usize::from(u16::MAX))..=last).rev().find(|&at| {
        u32_at(bytes, at) == END && at + END_BYTES + usize::from(u16_at(bytes, at + 20)) <= bytes.len()
    })
}

fn member(bytes: &[u8], at: usize, end: usize) -> Result<Member, ReadError> {
    if at + CENTRAL_BYTES > end || u32_at(bytes, at) != CENTRAL {
        return Err(damaged("its directory is broken"));
    }
    let lengths = [28, 30, 32].map(|field| usize::from(u16_at(bytes, at + field)));
    let central = at..at + CENTRAL_BYTES + lengths.iter().sum::<usize>();
    if central.end > end {
        return Err(damaged("its directory is broken"));
    }
    let raw_name = &bytes[at + CENTRAL_BYTES..at + CENTRAL_BYTES + lengths[0]];
    let name = String::from_utf8_lossy(raw_name).into_owned();
    let fail = |problem: &str| ReadError::Damaged { part: name.clone(), problem: problem.into() };
    let flags = u16_at(bytes, at + 8);
    if flags & LOCKED != 0 {
        return Err(ReadError::Encrypted { kind: "the archive" });
    }
    let (packed, size, local) = (u32_at(bytes, at + 20), u32_at(bytes, at + 24), u32_at(bytes, at + 42));
    if [packed, size, local].contains(&u32::MAX) {
        return Err(fail("it is written for more than 4 GiB (zip64)"));
    }
    let (packed, local) = (packed as usize, local as usize);
    let header = local + LOCAL_BYTES;
    if header > bytes.len() || u32_at(bytes, local) != LOCAL {
        return Err(fail("its header is not where the archive's directory says"));
    }
    let name_end = header + usize::from(u16_at(bytes, local + 26));
    let start = name_end + usize::from(u16_at(bytes, local + 28));
    if start + packed > bytes.len() {
        return Err(fail("it is cut off"));
    }
    let method = u16_at(bytes, at + 10);
    if bytes.get(header..name_end) != Some(raw_name) || u16_at(bytes, local + 8) != method {
        return Err(fail("its header says something else than the archive's directory"));
    }
    if method == STORED && packed != size as usize {
        return Err(fail("it does not have the size that the archive's directory says"));
    }
    Ok(Member {
        name,
        method,
        crc: u32_at(bytes, at + 16),
        size: size.into(),
        // Whether sizes follow the data is for the local header to say.
        flags: u16_at(bytes, local + 6),
        central,
        local,
        data: start..start + packed,
    })
}

/// Extra fields without the one that would hold sizes over 4 GiB.
fn without_zip64(extra: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(extra.len());
    let mut rest = extra;
    while rest.len() >= 4 {
        let length = (4 + usize::from(u16_at(rest, 2))).min(rest.len());
        if u16_at(rest, 0) != ZIP64 {
            kept.extend_from_slice(&rest[..length]);
        }
        rest = &rest[length..];
    }
    kept.extend_from_slice(rest);
    kept
}

fn damaged(problem: impl Into<String>) -> ReadError {
    ReadError::Damaged {
        part: "the archive (zip, as DOCX, PPTX and ODT files are)".into(),
        problem: problem.into(),
    }
}

/// Sizes here are below 4 GiB: what is read is limited, and what is written is little longer.
fn size32(size: usize) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
}

fn put_u32(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(four) = bytes.get_mut(at..at + 4) {
        four.copy_from_slice(&value.to_le_bytes());
    }
}
