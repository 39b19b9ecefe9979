// Every word that the gate says, English and Urdu side by side. {names} stand for values.

const WORDS = {
  // The one big word of a verdict
  admitted: ["Welcome", "خوش آمدید"],
  "re-entry": ["Again", "دوبارہ آمد"],
  refused: ["Stop", "رکیے"],
  check: ["Check name", "نام دیکھ کر جانے دیں"],
  wait: ["Wait", "انتظار کیجیے"],
  left: ["Goodbye", "خدا حافظ"],

  // Why, and what to do next
  forged: ["Not a badge of this expo", "یہ اس ایکسپو کا کارڈ نہیں"],
  unlisted: ["Not on this tablet's list yet", "ابھی اس ٹیبلٹ کی فہرست میں نہیں"],
  unknown: ["Not on the list", "یہ کارڈ فہرست میں نہیں"],
  revoked: ["Badge withdrawn", "یہ کارڈ منسوخ ہو چکا ہے"],
  replaced: ["Old badge", "پرانا کارڈ"],
  held: ["Entry is held", "داخلہ ابھی روکا گیا ہے"],
  not_today: ["Not valid today", "یہ کارڈ آج کے لیے نہیں"],
  not_yet: ["Not open yet", "ابھی داخلہ شروع نہیں ہوا"],
  wrong_gate: ["Not for this gate", "یہ کارڈ اس گیٹ کے لیے نہیں"],
  already_in: ["Already in", "پہلے سے اندر ہیں"],
  malformed: ["The scan could not be read", "اسکین پڑھا نہیں گیا"],
  conflict: ["Two scans got mixed up", "دو اسکین آپس میں مل گئے"],
  other_reason: ["No entry with this badge", "اس کارڈ پر داخلہ نہیں"],
  to_desk: ["Send to the desk.", "ڈیسک پر بھیجیں۔"],
  to_other_gate: ["Show the right gate, or send to the desk.", "درست گیٹ بتائیں یا ڈیسک پر بھیجیں۔"],
  let_wait: ["Ask the visitor to wait.", "مہمان سے انتظار کا کہیں۔"],
  scan_again: ["Scan again.", "دوبارہ اسکین کریں۔"],
  new_printed: ["New one printed {time}.", "نیا کارڈ {time} پر چھپا۔"],
  new_printed_by: ["New one printed {time}, {who}.", "نیا کارڈ {time} پر چھپا، {who}۔"],
  in_since: ["In since {time}, {gate}", "{time} سے اندر، {gate}"],
  used_before: ["Used {minutes} min ago, {gate}", "{minutes} منٹ پہلے استعمال ہوا، {gate}"],
  used_just_now: ["Used just now, {gate}", "ابھی ابھی استعمال ہوا، {gate}"],
  one_entry: ["One entry a day. Send to the desk.", "دن میں ایک بار داخلہ۔ ڈیسک پر بھیجیں۔"],
  here_for: ["Here {hours} h {minutes} min today", "آج {hours} گھنٹے {minutes} منٹ یہاں رہے"],
  after_hours: ["After closing time", "بند ہونے کے بعد"],
  let_in_by_supervisor: ["Let in by a supervisor", "نگران کی اجازت سے داخل"],

  // No judgement
  asking: ["Checking", "دیکھا جا رہا ہے"],
  unsent: ["No answer from the server yet", "سرور سے ابھی جواب نہیں آیا"],
  kept: ["Kept on this tablet. It will be sent.", "اس ٹیبلٹ میں محفوظ ہے، بھیج دیا جائے گا۔"],
  kept_unpaired: ["Kept, but this tablet is no longer paired. Call the organiser.", "محفوظ ہے، مگر یہ ٹیبلٹ اب منسلک نہیں۔ منتظم کو بلائیں۔"],
  kept_parked: ["Kept aside: the server cannot read it. Scan again.", "الگ رکھ دیا گیا: سرور پڑھ نہیں سکا۔ دوبارہ اسکین کریں۔"],
  not_stored: ["This tablet cannot store", "یہ ٹیبلٹ محفوظ نہیں کر سکتا"],
  not_stored_next: ["Nothing was recorded. Use another tablet.", "کچھ درج نہیں ہوا۔ دوسرا ٹیبلٹ استعمال کریں۔"],

  // The quiet screen
  show_badge: ["Show the badge", "کارڈ دکھائیں"],
  look_up_mode: ["Look up · lets nobody in", "صرف دیکھنے کے لیے · داخلہ نہیں"],
  start: ["Start", "شروع کریں"],
  start_hint: ["Opens the camera and the sound.", "کیمرہ اور آواز کھلیں گے۔"],
  type_code: ["Type code", "کوڈ لکھیں"],
  look_up: ["Look up", "تلاش"],
  last_ten: ["Last ten", "آخری دس"],
  undo: ["Undo", "واپس لیں"],
  let_in: ["Let in", "داخل کریں"],
  light: ["Light", "روشنی"],
  back: ["Back", "واپس"],
  close: ["Close", "بند کریں"],
  try_again: ["Try again", "دوبارہ کوشش"],
  today: ["{count} today", "آج {count}"],
  to_send: ["{count} to send", "{count} بھیجنے ہیں"],
  offline_to_send: ["Offline · {count} to send", "آف لائن · {count} بھیجنے ہیں"],
  parked: ["{count} set aside: tell the organiser", "{count} الگ رکھے ہیں: منتظم کو بتائیں"],
  in: ["In", "اندر"],
  out: ["Out", "باہر"],
  no_gate: ["Choose a gate", "گیٹ چنیں"],
  other_language: ["اردو", "English"],
  update_ready: ["Update ready. Tap to use it.", "نیا ورژن تیار۔ ٹیپ کریں۔"],
  install: ["Install on this tablet", "اس ٹیبلٹ پر انسٹال کریں"],

  // Beside scanning
  hold_hint: ["Hold the button for a second.", "بٹن ایک سیکنڈ دبائے رکھیں۔"],
  hold_instead: ["Confirm instead", "دبائے بغیر تصدیق"],
  close_first: ["Close this first, then scan.", "پہلے یہ بند کریں، پھر اسکین کریں۔"],
  unconfirmed: ["Not yet confirmed by the server", "سرور کی تصدیق باقی"],
  pin_unchecked: ["Let in by a supervisor. The PIN is checked later.", "نگران کی اجازت سے داخل۔ پن بعد میں دیکھا جائے گا۔"],
  otherwise: ["Server said otherwise", "سرور نے کچھ اور کہا"],
  otherwise_hint: ["The screen showed one thing, the server judged another. The server counts.", "اسکرین نے کچھ اور دکھایا، سرور نے کچھ اور کہا۔ گنتی سرور کی ہے۔"],
  otherwise_none: ["The server confirmed all that was shown.", "جو دکھایا گیا سرور نے اس کی تصدیق کی۔"],
  shown_and_judged: ["Shown: {shown} · Server: {judged}", "دکھایا: {shown} · سرور: {judged}"],
  understood: ["Understood", "سمجھ گیا"],
  now_at: ["Now at {gate} · {way}", "اب {gate} · {way}"],
  change_gate: ["Change gate", "گیٹ بدلیں"],
  pin_or_card: ["Type the PIN, or scan a gate card.", "پن لکھیں یا گیٹ کارڈ اسکین کریں۔"],
  gate_offline: ["Offline: scan a gate card instead.", "آف لائن: گیٹ کارڈ اسکین کریں۔"],
  staff_number: ["Staff number", "عملہ نمبر"],
  staff_optional: ["Staff number (optional)", "عملہ نمبر (اختیاری)"],
  staff_hint: ["It is kept with each scan. It may stay empty.", "ہر اسکین کے ساتھ رہتا ہے۔ خالی بھی چھوڑ سکتے ہیں۔"],
  change_shift: ["Change shift", "شفٹ بدلیں"],
  begin_shift: ["Begin", "شروع"],
  save_outbox: ["Save unsent scans as a file", "نہ بھیجے گئے اسکین فائل میں رکھیں"],
  share_outbox: ["Share the file", "فائل بھیجیں"],
  save_outbox_hint: ["If this tablet cannot reach the server, bring the file to the organiser. The scans stay here too.", "ٹیبلٹ سرور تک نہ پہنچے تو فائل منتظم کو دیں۔ اسکین یہاں بھی رہیں گے۔"],
  preferences: ["Settings", "ترتیبات"],
  camera_choice: ["Camera", "کیمرہ"],
  camera_back: ["Back camera", "پچھلا کیمرہ"],
  camera_front: ["Front camera, for a kiosk", "سامنے کا کیمرہ، کیوسک کے لیے"],
  camera_gone: ["The one chosen before (not connected)", "پہلے چنا ہوا (جڑا نہیں)"],
  volume: ["Volume", "آواز"],
  muted: ["Sound is off", "آواز بند ہے"],
  sound_test: ["Try the sounds", "آوازیں آزمائیں"],
  vibrate: ["Vibrate too", "تھرتھراہٹ بھی"],
  theme: ["Screen", "اسکرین"],
  theme_normal: ["Normal", "عام"],
  theme_dark: ["Dark", "تاریک"],
  theme_sunlight: ["Sunlight", "دھوپ"],
  language: ["Language", "زبان"],

  // Trouble, each with its mend
  storage_full: ["This tablet cannot store", "یہ ٹیبلٹ محفوظ نہیں کر سکتا"],
  storage_full_next: [
    "Scan nobody with it: nothing is recorded.\nDelete photos or apps to make room, then try again.\nUntil then use another tablet.",
    "اس سے اسکین نہ کریں: کچھ درج نہیں ہوتا۔\nتصویریں یا ایپ مٹا کر جگہ بنائیں، پھر دوبارہ کوشش کریں۔\nتب تک دوسرا ٹیبلٹ استعمال کریں۔",
  ],
  storage_wiped: ["The memory of this tablet was erased", "اس ٹیبلٹ کی یادداشت مٹ گئی"],
  storage_wiped_next: [
    "Somebody or the browser deleted the site's data.\nScans that were not sent may be lost: tell the organiser the time.\nPair the tablet again if it asks for a code.",
    "کسی نے یا براؤزر نے سائٹ کا ڈیٹا مٹا دیا۔\nنہ بھیجے گئے اسکین ضائع ہو سکتے ہیں: منتظم کو وقت بتائیں۔\nکوڈ مانگے تو ٹیبلٹ دوبارہ منسلک کریں۔",
  ],
  clock_blocked: ["Set the clock of this tablet", "ٹیبلٹ کی گھڑی درست کریں"],
  clock_blocked_next: [
    "Its date is so wrong that it cannot talk to the server safely.\nOpen the tablet's settings, then Date and time.\nSwitch on Set automatically, or type today's date and time.\nCome back here and try again.",
    "تاریخ اتنی غلط ہے کہ سرور سے محفوظ رابطہ نہیں ہو سکتا۔\nٹیبلٹ کی سیٹنگز میں تاریخ اور وقت کھولیں۔\nخودکار وقت چلا دیں، یا آج کی تاریخ اور وقت لکھیں۔\nیہاں واپس آ کر دوبارہ کوشش کریں۔",
  ],
  gate_closed: ["{gate} is closed", "{gate} بند ہے"],
  gate_closed_next: ["Let nobody in here. Ask the organiser which gate to choose.", "یہاں سے کسی کو داخل نہ کریں۔ منتظم سے پوچھیں کہ کون سا گیٹ چنیں۔"],
  camera_missing: ["No camera found", "کیمرہ نہیں ملا"],
  camera_missing_next: ["Connect a camera, or type the codes.", "کیمرہ لگائیں یا کوڈ لکھیں۔"],
  camera_refused: ["The camera is not allowed", "کیمرے کی اجازت نہیں"],
  camera_refused_next: [
    "Tap the sign beside the address, then Permissions.\nAllow the camera.\nTry again. Typing works meanwhile.",
    "پتے کے ساتھ نشان پر ٹیپ کریں، پھر اجازتیں۔\nکیمرے کی اجازت دیں۔\nدوبارہ کوشش کریں۔ تب تک کوڈ لکھیں۔",
  ],
  camera_refused_firefox: [
    "Tap the lock beside the address.\nClear “Blocked” at the camera.\nTry again and allow it. Typing works meanwhile.",
    "پتے کے ساتھ تالے پر ٹیپ کریں۔\nکیمرے سے ”بلاک“ ہٹائیں۔\nدوبارہ کوشش کریں اور اجازت دیں۔ تب تک کوڈ لکھیں۔",
  ],
  camera_refused_safari: [
    "Tap the sign at the left of the address, then Website Settings.\nSet Camera to Allow.\nTry again. Typing works meanwhile.",
    "پتے کے بائیں نشان پر ٹیپ کریں، پھر ویب سائٹ سیٹنگز۔\nکیمرے کو اجازت دیں۔\nدوبارہ کوشش کریں۔ تب تک کوڈ لکھیں۔",
  ],
  camera_taken: ["Another app holds the camera", "کیمرہ کسی اور ایپ کے پاس ہے"],
  camera_taken_next: ["Close that app. The gate tries again by itself.", "وہ ایپ بند کریں۔ کیمرہ خود دوبارہ کھلے گا۔"],
  camera_insecure: ["No camera on this address", "اس پتے پر کیمرہ نہیں کھلتا"],
  camera_insecure_next: [
    "Open this page with https:// or ask the organiser for the link. Typing works.",
    "یہ صفحہ https:// سے کھولیں یا منتظم سے لنک لیں۔ کوڈ لکھ سکتے ہیں۔",
  ],
  decoder_failed: ["The scanner does not start", "اسکینر شروع نہیں ہوا"],
  decoder_failed_next: ["Reload the page. Typing works.", "صفحہ دوبارہ کھولیں۔ کوڈ لکھ سکتے ہیں۔"],

  // Pairing
  pair_title: ["Pair this tablet", "ٹیبلٹ منسلک کریں"],
  pair_hint: [
    "Ask the organiser for a pairing code. Scan its QR with the tablet, or type it here.",
    "منتظم سے کوڈ لیں۔ اس کا QR ٹیبلٹ سے اسکین کریں یا کوڈ یہاں لکھیں۔",
  ],
  pair_field: ["Pairing code", "منسلک کرنے کا کوڈ"],
  pair: ["Pair", "منسلک کریں"],
  pair_old: ["The code is used or old. Ask the organiser for a new one.", "کوڈ استعمال ہو چکا یا پرانا ہے۔ منتظم سے نیا کوڈ لیں۔"],
  pair_offline: ["No answer from the server. Check the Wi-Fi, then try again.", "سرور سے جواب نہیں۔ وائی فائی دیکھیں، پھر کوشش کریں۔"],
  pair_lost: [
    "This tablet is no longer paired. Its scans are kept. Ask the organiser for a new code.",
    "یہ ٹیبلٹ اب منسلک نہیں۔ اس کے اسکین محفوظ ہیں۔ منتظم سے نیا کوڈ لیں۔",
  ],

  // Dialogs
  code_label: ["Code under the QR", "QR کے نیچے والا کوڈ"],
  code_progress: ["{count} of 9", "{count} / 9"],
  code_letters: ["A code has only letters and digits, no U.", "کوڈ میں صرف انگریزی حروف اور ہندسے ہیں، U نہیں۔"],
  code_length: ["The code has 9 characters; these are {count}.", "کوڈ کے 9 حروف ہوتے ہیں؛ یہ {count} ہیں۔"],
  code_check: ["One character is wrong. Compare with the badge.", "ایک حرف غلط ہے۔ کارڈ سے ملائیں۔"],
  enter: ["Enter", "درج کریں"],
  erase: ["Erase", "مٹائیں"],
  undo_title: ["Undo this scan?", "یہ اسکین واپس لیں؟"],
  undo_why: ["Tap the reason. The count is put right.", "وجہ پر ٹیپ کریں۔ گنتی درست ہو جائے گی۔"],
  undo_turned_back: ["Did not come in", "اندر نہیں آئے"],
  undo_wrong_badge: ["Wrong badge scanned", "غلط کارڈ اسکین ہوا"],
  undo_test: ["It was a test", "یہ آزمائش تھی"],
  undone: ["Undone", "واپس لے لیا"],
  let_in_title: ["Let in all the same?", "پھر بھی داخل کریں؟"],
  pin_label: ["Supervisor's PIN", "نگران کا پن"],
  action_pin: ["Wrong PIN. Try again.", "پن غلط ہے۔ دوبارہ لکھیں۔"],
  action_locked: ["Too many wrong PINs. Wait, then try again.", "کئی بار غلط پن۔ کچھ دیر بعد کوشش کریں۔"],
  pin_needed: ["Type the PIN first.", "پہلے پن لکھیں۔"],
  let_in_why: ["Then tap the reason.", "پھر وجہ پر ٹیپ کریں۔"],
  let_in_identity: ["Identity checked", "شناخت دیکھ لی"],
  let_in_guest: ["Invited guest", "مدعو مہمان"],
  let_in_error: ["Mistake in the list", "فہرست میں غلطی"],
  action_kept: ["Kept. It will be sent.", "محفوظ ہے، بھیج دیا جائے گا۔"],
  action_refused: ["The server did not take it.", "سرور نے قبول نہیں کیا۔"],
  action_unstored: ["This tablet cannot store. Nothing was changed.", "یہ ٹیبلٹ محفوظ نہیں کر سکتا۔ کچھ نہیں بدلا۔"],
  action_busy: ["Sending…", "بھیجا جا رہا ہے…"],
  nothing_yet: ["No scans yet.", "ابھی کوئی اسکین نہیں۔"],
  waiting: ["To send", "بھیجنا ہے"],
  nobody_let_in: ["Only looking: nobody was let in.", "صرف دیکھا گیا: کسی کو داخل نہیں کیا۔"],
  badge_issue: ["Badge {issue} · {state}", "کارڈ {issue} · {state}"],
  state_live: ["valid", "درست"],
  state_replaced: ["replaced", "بدلا گیا"],
  state_revoked: ["withdrawn", "منسوخ"],
  look_up_failed: ["No answer from the server. Look-up needs the network.", "سرور سے جواب نہیں۔ تلاش کے لیے نیٹ ورک چاہیے۔"],
  look_up_unknown: ["No such badge.", "ایسا کوئی کارڈ نہیں۔"],
  choose_gate: ["Where does this tablet stand?", "یہ ٹیبلٹ کہاں ہے؟"],

  // Readiness
  status: ["How this tablet is", "ٹیبلٹ کا حال"],
  ready: ["Ready", "تیار"],
  degraded: ["Works, with care", "چل رہا ہے، خیال رکھیں"],
  blocked: ["Cannot work", "کام نہیں کر سکتا"],
  status_camera: ["Camera", "کیمرہ"],
  status_server: ["Server", "سرور"],
  status_outbox: ["To send", "بھیجنے ہیں"],
  next_server: ["The tablet goes on by itself. Look at the Wi-Fi.", "ٹیبلٹ خود کام کرتا رہے گا۔ وائی فائی دیکھیں۔"],
  next_roster: ["It renews itself when the server answers.", "سرور کے جواب پر خود تازہ ہو گی۔"],
  next_clock: ["Set date and time to automatic.", "تاریخ اور وقت خودکار کریں۔"],
  next_battery: ["Plug the tablet in.", "چارجر لگائیں۔"],
  status_roster: ["List of badges", "کارڈوں کی فہرست"],
  roster_none: ["None yet: verdicts need the network", "ابھی نہیں: فیصلے کے لیے نیٹ ورک چاہیے"],
  roster_fresh: ["{count}, up to date", "{count}، تازہ"],
  roster_age: ["{count}, {minutes} min old", "{count}، {minutes} منٹ پرانی"],
  status_battery: ["Battery", "بیٹری"],
  battery_unknown: ["Not told by this browser", "یہ براؤزر نہیں بتاتا"],
  clock_impossible: ["Wrong date or time: set it in the tablet's settings", "تاریخ یا وقت غلط: ٹیبلٹ کی سیٹنگ میں درست کریں"],
  gate_card_unknown: ["This gate card is not known here", "یہ گیٹ کارڈ یہاں معلوم نہیں"],
  status_clock: ["Clock", "گھڑی"],
  status_shell: ["Opens without network", "نیٹ ورک کے بغیر کھلتا ہے"],
  shell_ready: ["Yes", "ہاں"],
  shell_installing: ["Not yet", "ابھی نہیں"],
  shell_impossible: ["Not on this address: open it with https://", "اس پتے پر نہیں: https:// سے کھولیں"],
  fine: ["Good", "ٹھیک"],
  not_started: ["Not started", "شروع نہیں ہوا"],
  contact_offline: ["No answer", "جواب نہیں"],
  contact_busy: ["Busy, trying again", "مصروف، دوبارہ کوشش"],
  contact_unpaired: ["Not paired", "منسلک نہیں"],
  clock_off: ["{minutes} min off; counted right", "{minutes} منٹ کا فرق؛ گنتی درست ہے"],
  clock_unknown: ["Not compared yet", "ابھی ملائی نہیں گئی"],
  pair_again: ["Pair again", "دوبارہ منسلک کریں"],
};

/** A text in one language, `en` or `ur`. */
export function say(key, language, values = {}) {
  return both(key, values)[language];
}

/** A text in both languages: {en, ur}. A value may itself be {en, ur}. */
export function both(key, values = {}) {
  const [en, ur] = WORDS[key];
  return { en: put(en, values, "en"), ur: put(ur, values, "ur") };
}

/** Whether there is a text of this name; a newer server may know reasons that this page does not. */
export function hasWord(key) {
  return Object.hasOwn(WORDS, key);
}

// Values are set apart by isolates, or a Latin gate name would turn an Urdu sentence around.
function put(text, values, language) {
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name]?.[language] ?? values[name] ?? "";
    return language === "en" && !/[\u0590-\u08ff]/.test(value) ? value : `\u2068${value}\u2069`;
  });
}
