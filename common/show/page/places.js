// places: where an object can be; the numbers are those of enum place in common/trace/model.h.
export const PLACE = {
    NOWHERE: 0, PROGRAM: 1, THREAD: 2, READY: 3, SPAN: 4, RESIZE: 5, RECORD_LIVE: 6, RECORD_FREE: 7,
};
