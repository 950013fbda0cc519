import type { Words } from '../fr.ts';

export const todo: Words['todo'] = {
  nothing: 'Nothing to do',
  nothingMore:
    'No conflict, no task, no refused access, no disappearance to confirm, no record set aside, no unknown code. The ' +
    'page looks again by itself.',
  lookedAt: 'Looked at {{time}}',
  count_one: 'one thing to do',
  count_other: '{{count}} things to do',
  more: 'There are more than the page shows: settle these, and the others follow.',
  mayNotOperate: 'Your account may see this page, but not act on it.',
  do: 'To do:',
  keys: { move: 'from one thing to the next', act: 'the main action', undo: 'undo' },
  groups: {
    conflicts: 'Two patients, one time',
    late: 'Late tasks',
    credentials: 'Refused access',
    suspects: 'Doubtful agendas',
    tasks: 'Tasks',
    setAside: 'Records set aside',
    unmapped: 'Unknown codes',
  },
  failed: 'That could not be done.',
  here: 'Passerelle',
  since: 'seen {{when}}',
  unchanged: 'Change nothing',
  details: 'What the platform says',
  somebody: 'the doctor',
  conflict: {
    title: '{{day}}, {{time}} — {{who}}',
    happened: 'Two platforms gave the same time. Each patient has a confirmation.',
    means: 'If nothing is done both come, and one waits or goes home.',
    do: 'call one of the two, agree with them, then choose here. Passerelle tells no patient.',
    booking: '{{letter}} · {{platform}}',
    holds: 'holds the slot',
    extra: 'one too many',
    time: 'Time',
    place: 'Place',
    patient: 'Patient',
    phone: 'Telephone',
    nameIsThere: 'their name is on {{platform}}',
    notShown: 'not shown',
    keep: 'Keep {{letter}}, cancel {{other}}',
    keepBoth: 'Keep both',
    move: 'Move {{letter}}',
    look: 'Look for other times',
    none: 'No free slot is known that is long enough.',
    moveTo: '{{day}}, {{span}}',
    elsewhere: 'Free elsewhere, to be offered by telephone',
    elsewhereOn: '{{when}} · {{platform}}',
  },
  settle: {
    keepTitle: 'Keep {{letter}} and cancel {{other}}?',
    bothTitle: 'Keep both?',
    moveTitle: 'Move {{letter}}?',
    patientOf: 'The patient from {{platform}}',
    keeps: '{{who}} keeps their time: {{when}}, on {{platform}}.',
    loses:
      '{{who}} loses theirs: {{when}}, on {{platform}}. It is cancelled here at once, and there as soon as the platform ' +
      'answers.',
    moves: '{{who}} moves from {{from}} to {{when}}, on {{platform}}.',
    both: 'Both come at {{when}}. Nothing is cancelled. The question comes back only if one of them changes its time.',
    call: 'Call first: nobody else tells the patient.',
    callAt: 'First call {{who}}:',
    keepConfirm: 'Keep {{letter}}, cancel {{other}}',
    bothConfirm: 'Keep both',
    moveConfirm: 'Move {{letter}}',
    kept: 'Settled: {{letter}} keeps {{when}}, {{other}} is cancelled.',
    keptBoth: 'Settled: both keep {{when}}.',
    moved: 'Settled: {{letter}} now comes {{when}}.',
  },
  task: {
    late: 'late, was due {{when}}',
    due: 'due {{when}}',
    escalated: 'reminded by mail',
    do: 'do it on the screen of {{platform}}, then tick it.',
    block: 'Until this time is closed, a second patient can take it there.',
    unblock: 'Until this time is open again, the patients of this platform do not see it.',
    publish: 'Until this slot is there, no patient can take it there.',
    withdraw: 'While this slot is there, a patient can take a time that is no more.',
    cancel:
      'While it is there this appointment keeps the time, and the patient may believe they still have it.',
    done: 'Done',
    taken: 'A patient has this time already',
    ticked: 'Done: {{text}}',
    unticked: 'Not done after all: {{text}}',
    takenTitle: 'A patient has this time already?',
    takenText:
      'The time is noted as booked on {{platform}}. If a patient has it elsewhere too, both appointments show here as a ' +
      'conflict. This cannot be undone from here.',
    takenConfirm: 'Note that it is taken',
    noted: 'Noted as taken: {{text}}',
  },
  credentials: {
    title: '{{platform}} refuses our access',
    titleForbidden: 'The address of {{platform}} is not allowed',
    happened:
      'The key or password of Passerelle is not accepted there any more: it has expired, or was changed.',
    happenedForbidden: 'The configuration of Passerelle does not allow this address to be called.',
    means:
      'What is booked there is not known here any more, and what is taken elsewhere is not closed there: a time can be ' +
      'given twice.',
    do:
      'ask {{platform}} for new access; the administrator of Passerelle puts it into the configuration. Until then look ' +
      'at the screen of {{platform}} before you give a time. Passerelle tries again every minute.',
    doForbidden:
      'ask the administrator of Passerelle to check the address, and the addresses that are allowed.',
  },
  suspect: {
    title: '{{platform}} shows almost nothing of its agenda any more',
    calendar: 'Agenda {{feed}}.',
    slots: '{{missing}} of {{known}} slots are missing.',
    busy: '{{missing}} of {{known}} appointments or blocks are missing.',
    shifts: '{{missing}} of {{known}} shifts are missing.',
    means:
      'Nothing was cancelled or opened again. While in doubt, what was taken stays taken, and the slots of this platform ' +
      'are not offered as free.',
    do:
      'look at the screen of {{platform}}. If all is there, wait: it mends itself with the next reading. If all was ' +
      'truly removed, confirm it.',
    confirm: 'All is truly removed…',
    confirmTitle: 'Take for removed what {{platform}} misses?',
    confirmText:
      'With the next reading, what is missing is no more here, and the times that it took open again on the other ' +
      'platforms. This cannot be undone.',
    go: 'Yes, it is removed',
    confirmed: 'Confirmed: {{platform}} is being read again.',
    waiting: 'Confirmed. Waiting for the next reading…',
  },
  unreadable: {
    title: 'Almost nothing of {{platform}} could be read',
    happened: '{{unread}} of {{records}} records could not be read.',
    means: 'What is booked there may not be known here. Its slots will soon not be offered as free any more.',
    do:
      'see which ones and why, and tell the administrator of Passerelle. Until then look at the screen of {{platform}} ' +
      'before you give a time.',
  },
  setAside: {
    title_one: 'One record of {{platform}} could not be read',
    title_other: '{{count}} records of {{platform}} could not be read',
    means: 'If one of them is an appointment, its time may not be closed elsewhere.',
    do:
      'see which ones, and compare with the screen of {{platform}}. Correct them there, or give the reason to the ' +
      'administrator of Passerelle. What is corrected goes from here by itself.',
    look: 'See which ones',
  },
  unmapped: {
    title: '{{platform}} uses an unknown code: {{code}}',
    notACode: 'it is not a code',
    happened_one: 'It is in one record ({{field}}).',
    happened_other: 'It is in {{count}} records ({{field}}).',
    means:
      'These slots are read, and their times kept up, but without that detail: who looks for a slot by it does not find ' +
      'them.',
    do: 'ask {{platform}} what this code means; the administrator of Passerelle adds it to the table mappings/{{folder}}/.',
  },
  records: {
    title: '{{platform}}: what could not be read',
    none: 'There are none any more: all was corrected.',
    record: 'Record',
    noIds_one: 'without a readable number',
    noIds_other: '{{count}} without a readable number',
    reason: 'Reason',
    seen: 'Seen',
    times_one: 'once',
    times_other: '{{count}} times',
    last: '{{times}}, last {{ago}}',
    raw: 'Show what they contain',
    rawWarning:
      'They may name patients. That you open them is recorded. Copy nothing of them into a message.',
    rawOf: 'Content of {{record}}',
    noRaw: 'Its content was not kept.',
    reasons: {
      unmapped: 'unknown code {{code}} ({{field}})',
      unlinked: 'this calendar is not linked to a schedule in the configuration',
    },
  },
  list: {
    open: 'Paste a list',
    title: 'Paste what the screen shows',
    text:
      'Copy the table from the screen of the platform with the titles of its columns (date, start, end, status), and ' +
      'paste it here. Names of patients are neither read nor kept.',
    connection: 'Platform',
    calendar: 'Agenda',
    byLine: 'each line says so',
    of: '{{practitioner}}, {{location}}',
    pasted: 'What was copied',
    required: 'Paste something first.',
    complete: 'All that the screen shows for these days is in it',
    completeHelp: 'Then what the list misses is taken for gone. Otherwise nothing is.',
    from: 'From',
    to: 'To',
    daysHelp: 'Empty = the first and the last day of the list.',
    go: 'Take the list',
    partial: 'Take the lines that can be read',
    wrong: 'Nothing was taken. Correct these lines, or take only the others:',
    taken_one: 'List taken: one line.',
    taken_other: 'List taken: {{count}} lines.',
    left_one: 'One line was not taken.',
    left_other: '{{count}} lines were not taken.',
    suspect: 'So much is missing in it that nothing was taken for gone.',
  },
};
